import Testing

extension Program {
  /// The report of `arssr evaluate` on a line of words, held to its schema.
  static func evaluationReport(
    _ options: String, in folder: Scratch, endsWith status: Int = 0,
    location: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let run = try Self.run(
      "evaluate --format json -q \(options)", in: folder, endsWith: status, location: location)
    let report = try JSONText.object(run.outputBytes)
    #expect(try JSONSchema("arssr.evaluate/1").violations(report) == [], sourceLocation: location)
    return report
  }
}
