import Checkpoints
import Files
import TestSupport
import Testing

@testable import Networks

/// Malformed and foreign checkpoints: each is refused with the code of its cause and a message of
/// one line that says it.
@Suite("Malformed models")
struct ModelFaultTests {
  /// Where the table of codes decides and not the manifest, whose codes were derived from file
  /// names (a rule for `ten-str` also caught `ten-stride-*`): strides are `model.tensor`, bytes
  /// behind the last storage break the legacy layout, and a pickle without protocol is refused at
  /// its first byte, before the INST that it holds.
  private static let codes = [
    "torch/ten-stride-big.pt": "model.tensor", "torch/ten-stride-neg.pt": "model.tensor",
    "torch/ten-stride-zero.pt": "model.tensor", "torch/ten-stride-wrap.pt": "model.tensor",
    "torch/leg-tail.pth": "model.legacy", "torch/pkl-inst.pt": "model.pickle",
  ]

  static let cases = FaultCase.group("safetensors") + FaultCase.group("torch")

  @Test func allCasesOfTheCorpusAreHere() {
    #expect(Self.cases.count == 61 + 98)
  }

  @Test(arguments: cases)
  func modelIsRefusedWithItsCodeAndWords(fault: FaultCase) throws {
    let bytes = try fault.bytes
    do {
      let checkpoint = try bytes.withUnsafeBytes { try Checkpoint.load($0, path: fault.file) }
      _ = try ArSSRNetwork(checkpoint: checkpoint)
      Issue.record("\(fault.file) (\(fault.wrong)) was accepted")
    } catch let error as any ReportableError {
      #expect(error.code == Self.codes[fault.file] ?? fault.code, "\(error.message)")
      #expect(error.subject == fault.file)
      #expect(fault.unmet(by: error.message) == [], "\(error.message)")
    }
  }
}
