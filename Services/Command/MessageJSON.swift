import Documents
import Operations
import Platform
import Wire

extension CallError {
  var json: JSON {
    var fields: [JSON.Member] = [
      .init("code", .string(code.name)), .init("message", .string(message)), .init("retryable", .bool(retryable)),
    ]
    fields += details.map { .init($0.key, .string($0.value)) }
    return .object(fields)
  }
}

extension SubmitReply {
  /// The fields of the answer about one file.
  var jsonFields: [JSON.Member] {
    [
      .init("id", .string(hexadecimal(documentID))), .init("sha256", .string(hexadecimal(sha256))), .init("sequence", .number(sequence)),
      .init("duplicate", .bool(duplicate)), .init("version", .number(version)), .init("symbols", .array(symbols.map { .string($0) })),
      .init("kind", .string(kind)), .init("paragraphs", .number(paragraphs)), .init("notes", .array(notes.map { .string($0) })),
    ]
  }

  /// The submission itself, when it is a document, and the files that were in it, by name.
  func all(named name: String) -> [(name: String, reply: SubmitReply)] {
    (documentID.isEmpty ? [] : [(name, self)]) + members.map { ("\(name)/\($0.fileName)", $0) }
  }
}

extension SearchReply {
  var json: JSON {
    .object([
      .init("total", .number(total)), .init("generation", .number(generation)), .init("server_microseconds", .number(serverMicroseconds)),
      .init("hits", .array(hits.map(\.json))), .init("facets", .array(facets.map(\.json))),
    ])
  }
}

extension ExplainReply {
  var json: JSON {
    .object([
      .init("found", .bool(found)), .init("score", .number(Double(score))), .init("id", .string(hexadecimal(documentID))),
      .init("generation", .number(generation)),
      .init(
        "steps",
        .array(
          steps.map { step in
            .object([
              .init("level", .number(step.level)), .init("description", .string(step.description)), .init("value", .number(step.value)),
            ])
          })),
    ])
  }
}

extension Hit {
  var json: JSON {
    .object([
      .init("id", .string(hexadecimal(documentID))), .init("score", .number(Double(score))),
      .init("symbols", .array(symbols.map { .string($0) })),
      .init("title", .string(title)), .init("kind", .string(kind)), .init("date", .string(date)), .init("sender", .string(sender)),
      .init("organs", .array(organs.map { .string($0) })), .init("language", .string(language)),
      .init("snippets", .array(snippets.map(\.json))), .init("versions", .array(versions.map(\.json))),
    ])
  }
}

extension HitVersion {
  var json: JSON {
    .object([
      .init("id", .string(hexadecimal(documentID))), .init("symbols", .array(symbols.map { .string($0) })),
      .init("language", .string(language)), .init("date", .string(date)),
    ])
  }
}

extension Snippet {
  var json: JSON {
    .object([
      .init("paragraph", .number(paragraph)), .init("label", .string(label)), .init("attribution", .string(attribution)),
      .init("page", .number(page)), .init("title", .number(title)), .init("item", .number(item)), .init("text", .string(text)),
      .init(
        "highlights", .array(highlights.map { .object([.init("start", .number($0.start)), .init("length", .number($0.length))]) })),
    ])
  }
}

extension Facet {
  var json: JSON { .object([.init("field", .string(field)), .init("values", .array(values.map(\.json)))]) }
}

extension FacetValue {
  var json: JSON { .object([.init("value", .string(value)), .init("count", .number(count))]) }
}

extension Figure {
  var json: JSON { .object([.init("name", .string(name)), .init("value", .string(value)), .init("unit", .string(unit))]) }
}

extension Document {
  var json: JSON {
    .object([
      .init("id", .string(id.description)), .init("symbols", list(symbols.map(\.text))), .init("organs", list(organs)),
      .init("distribution", text(distribution)), .init("date", text(date?.description)),
      .init("original_languages", list(originalLanguages)),
      .init(
        "sessions",
        .array(
          sessions.map {
            .object([
              .init("organ", .string($0.organ)), .init("text", .string($0.text)), .init("number", $0.number.map { .number($0) } ?? .null),
            ])
          })),
      .init(
        "items",
        .array(
          items.map { .object([.init("number", .string($0.number)), .init("title", text($0.title)), .init("organ", text($0.organ))]) })),
      .init("titles", list(titles)), .init("title", text(title)), .init("kind", .string(kind.rawValue)),
      .init("sender", sender?.json ?? .null), .init("addressees", .array(addressees.map(\.json))),
      .init("signatories", .array(signatories.map(\.json))),
      .init("sponsors", list(sponsors)), .init("language", text(language)), .init("sha256", .string(hexadecimal(originalSHA256))),
      .init("bytes", .number(originalBytes)), .init("media_type", .string(mediaType)), .init("file_name", .string(fileName)),
      .init("metadata", .object(metadata.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
      .init("readings", .array(readings.map(\.json))), .init("annexes", .array(annexes.map(\.json))),
      .init("citations", .array(citations.map { $0.json(in: self) })), .init("mentions", .array(mentions.map { $0.json(in: self) })),
      .init("amendments", .array(amendments.map(\.json))), .init("paragraphs", .array(paragraphs.map(\.json))),
    ])
  }
}

extension Signatory {
  fileprivate var json: JSON {
    .object([.init("name", .string(name)), .init("rank", Operations.JSON(rank)), .init("post", Operations.JSON(post))])
  }
}

extension FieldReading {
  fileprivate var json: JSON {
    .object([
      .init("field", .string(field)), .init("index", .number(index)), .init("start", range.map { .number($0.lowerBound) } ?? .null),
      .init("length", range.map { .number($0.count) } ?? .null), .init("page", page.map { .number($0) } ?? .null),
      .init("confidence", .number(confidence)), .init("reason", Operations.JSON(reason)),
    ])
  }
}

extension Annex {
  fileprivate var json: JSON {
    .object([
      .init("label", .string(label)), .init("title", Operations.JSON(title)), .init("kind", .string(kind.rawValue)),
      .init("date", Operations.JSON(date?.description)), .init("sender", sender?.json ?? .null),
      .init("addressees", .array(addressees.map(\.json))), .init("signatories", .array(signatories.map(\.json))),
      .init("original_languages", list(originalLanguages)), .init("first_paragraph", .number(paragraphs.lowerBound)),
      .init("last_paragraph", .number(paragraphs.upperBound)),
    ])
  }
}

extension Party {
  fileprivate var json: JSON {
    .object([
      .init("text", .string(self.text)), .init("state", Operations.JSON(state)), .init("post", Operations.JSON(post)),
      .init("code", Operations.JSON(code)),
    ])
  }
}

extension Paragraph {
  fileprivate var json: JSON {
    .object([
      .init("number", .number(number)), .init("label", Operations.JSON(label)), .init("text", .string(self.text)),
      .init("attribution", .string(attribution)), .init("page", page.map { .number($0) } ?? .null), .init("role", .string("\(role)")),
      .init("language", Operations.JSON(language)),
    ])
  }
}

private func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }

private func text(_ value: String?) -> JSON { JSON(value) }

extension JSON {
  /// A text, or null.
  fileprivate init(_ value: String?) { self = value.map { .string($0) } ?? .null }
}
