import TestSupport
import Testing

@testable import Checkpoints

/// Malformed settings files against a schema of two keys.
@Suite("Malformed JSON")
struct JSONFaultTests {
  static let cases = FaultCase.group("json")

  @Test func allCasesOfTheCorpusAreHere() {
    #expect(Self.cases.count == 25)
  }

  @Test(arguments: cases)
  func settingsAreRefusedWithTheirCodeAndWords(fault: FaultCase) throws {
    let bytes = try fault.bytes
    do throws(JSONFault) {
      let settings = try Self.settings(bytes)
      _ = try settings.integer("epochs", in: 1...1_000_000)
      _ = try settings.number("learningRate", in: 0...1)
      Issue.record("\(fault.file) (\(fault.wrong)) was accepted")
    } catch {
      #expect(error.code == fault.code, "\(error.message)")
      #expect(fault.unmet(by: error.message) == [], "\(error.message)")
    }
  }

  private static func settings(_ bytes: [UInt8]) throws(JSONFault) -> JSONSettings {
    let result = bytes.withUnsafeBytes { raw in
      Result { () throws(JSONFault) in
        try JSONSettings(parsing: raw, knownKeys: ["epochs", "learningRate"])
      }
    }
    return try result.get()
  }
}
