// A document's symbols are part of it.
@_exported import DocumentSymbols
