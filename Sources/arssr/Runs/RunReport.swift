import Files

/// What the JSON reports of commands that make a volume have in common.
enum RunReport {
  /// The report of a run.
  static func document(
    schema: String, status: String, machine: JSON, items: [[(key: String, value: JSON)]]
  ) -> JSON {
    .object([
      ("schema", .string(schema)), ("version", .string(Arssr.version)),
      ("status", .string(status)), ("machine", machine),
      ("items", .array(items.map(JSON.object))),
    ])
  }

  static func warnings(_ notices: [Notice]) -> JSON {
    .array(
      notices.map { notice in
        .object([
          ("code", .string(notice.code)),
          ("message", .string(Failure.text(subject: notice.subject, message: notice.message))),
        ])
      })
  }

  /// Rounded to milliseconds.
  static func seconds(_ value: Double) -> JSON { .number((value * 1000).rounded() / 1000) }
}
