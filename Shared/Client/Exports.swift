// Whoever imports the client needs the endpoints, messages and documents that it takes and gives.
@_exported import Documents
@_exported import Transport
@_exported import Wire
