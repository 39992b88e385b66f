import Files
import Foundation
import TestSupport
import Testing

@Suite("Weight generator of the golden configurations")
struct WeightFormulaTests {
  @Test func seedAndFirstValuesAreThoseOfTheDescription() {
    #expect(WeightFormula.seed(tag: "demo", name: "a.weight") == 2_382_576_480)
    #expect(
      WeightFormula.values(seed: 2_382_576_480, count: 4, bound: 1)
        == [0x1.0a99fp-1, 0x1.f359ap-3, -0x1.9d627cp-1, 0x1.c086cp-1])
  }

  @Test(arguments: (try? WeightFormula.configurations()) ?? [])
  func allTensorsHaveTheChecksumOfTheManifest(configuration: String) throws {
    let checks = try WeightFormula.entry(of: configuration)["checks"] as? [String: Any]
    var digest = SHA256Digest()
    for tensor in try WeightFormula.tensors(of: configuration) {
      tensor.values.withUnsafeBytes { digest.update($0) }
    }
    #expect(digest.hexadecimal == checks?["sha256_of_all_values_le_float32"] as? String)
  }
}
