import Checkpoints
import Foundation
import TestSupport
import Testing

@testable import Networks

/// The same weights in every container, as the manifest of golden/arssr lists them.
@Suite("Weights in all containers")
struct ContainerTests {
  static let files: [String] = {
    let manifest = (try? Golden.json("arssr")) as? [String: Any]
    return (manifest?["weights"] as? [[String: Any]] ?? []).compactMap { $0["file"] as? String }
  }()

  /// Largest difference between stored and generated values, by the manifest (0 where absent).
  private static func difference(_ file: String) throws -> Double {
    let manifest = try Golden.json("arssr") as? [String: Any]
    let entries = manifest?["weights"] as? [[String: Any]] ?? []
    let entry = entries.first { $0["file"] as? String == file }
    return entry?["max_abs_difference_to_float32_weights"] as? Double ?? 0
  }

  private static func load(_ file: String) throws -> Checkpoint {
    try Checkpoint.load(path: Golden.folder("arssr").appendingPathComponent(file).path)
  }

  @Test func allEighteenFilesAreListed() {
    #expect(Self.files.count == 18)
  }

  @Test(arguments: files)
  func tensorsAreThoseOfTheGenerator(file: String) throws {
    let configuration = String(file.dropFirst("weights/".count).prefix { $0 != "." })
    let allowed = try Self.difference(file)
    let checkpoint = try Self.load(file)
    let tensors = Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0) })
    let expected = try WeightFormula.tensors(of: configuration)
    #expect(tensors.count == expected.count)
    var largest = 0.0
    for tensor in expected {
      let found = try #require(tensors[tensor.name])
      #expect(found.shape == tensor.shape, "\(tensor.name)")
      for (value, wanted) in zip(found.values, tensor.values) {
        largest = max(largest, abs(Double(value) - Double(wanted)))
      }
    }
    // JSONSerialization reads the manifest's 17 digits with an error of one unit.
    #expect(abs(largest - allowed) <= 1e-12)
    _ = try ArSSRNetwork(checkpoint: checkpoint)
  }

  @Test(arguments: [
    ("weights/rdn_odd.pkl", Container.torchZip), ("weights/rdn_odd.legacy.pkl", .torchLegacy),
    ("weights/rdn_odd.bf16.safetensors", .safetensors),
  ])
  func containersAreRecognisedByContent(file: String, container: Container) throws {
    #expect(try Self.load(file).container == container)
  }

  @Test func bothFilesOfTheInterimModelHoldTheSameTensors() throws {
    let safetensors = try Checkpoint.load(
      path: Repository.folder.appendingPathComponent("Models/interim.safetensors").path)
    let pickle = try Checkpoint.load(
      path: Golden.folder("interim").appendingPathComponent("interim.pkl").path)
    func sorted(_ checkpoint: Checkpoint) -> [Tensor] {
      checkpoint.tensors.sorted { $0.name < $1.name }
    }
    #expect(sorted(safetensors) == sorted(pickle))
  }
}
