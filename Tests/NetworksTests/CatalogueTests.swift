import Foundation
import TestSupport
import Testing

@testable import Networks

@Suite("Catalogue of models")
struct CatalogueTests {
  /// A folder that is removed after the test.
  private final class Scratch {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    init() throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func copy(_ source: URL, to name: String) throws {
      let target = url.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: source, to: target)
    }
  }

  private static let weights = Golden.folder("arssr").appendingPathComponent("weights")
  private static let models = Repository.folder.appendingPathComponent("Models")

  @Test func searchPathHasItsOrder() {
    let catalogue = ModelCatalogue(
      environment: ["ARSSR_MODEL_PATH": "/a:/b", "XDG_DATA_HOME": "/data", "HOME": "/home/u"],
      executable: "/opt/arssr/bin/arssr")
    #expect(
      catalogue.folders == ["/a", "/b", "/data/arssr/models", "/opt/arssr/share/arssr/models"])
  }

  @Test func homeStandsInForAnUnsetOrRelativeDataFolder() {
    let catalogue = ModelCatalogue(
      environment: ["XDG_DATA_HOME": "data", "HOME": "/home/u"], executable: nil)
    #expect(catalogue.folders == ["/home/u/.local/share/arssr/models"])
  }

  @Test func developmentBuildFindsTheRepositorysModels() throws {
    let executable = Repository.folder.path + "/.build/x86_64-unknown-linux-gnu/release/arssr"
    let catalogue = ModelCatalogue(environment: [:], executable: executable)
    #expect(catalogue.folders.last == Self.models.path)
    #expect(
      try catalogue.path(ofModel: ModelCatalogue.defaultName)
        == Self.models.path + "/brain-t1w.safetensors")
  }

  @Test func beginningsAreCompletedToNamesFilesAndFolders() throws {
    let folder = try Scratch()
    try folder.copy(Self.weights.appendingPathComponent("rdn_odd.pkl"), to: "odd.pkl")
    try folder.copy(Self.weights.appendingPathComponent("rdn_odd.pkl"), to: "below/other.pkl")
    try folder.copy(Self.weights.appendingPathComponent("rdn_odd.pkl"), to: "odd.txt")
    let catalogue = ModelCatalogue(folders: [folder.url.path])
    #expect(catalogue.candidates(for: "od") == ["odd"])
    let path = folder.url.path + "/"
    #expect(catalogue.candidates(for: path) == [path + "below", path + "odd.pkl"])
    #expect(catalogue.candidates(for: path + "below/o") == [path + "below/other.pkl"])
    #expect(catalogue.candidates(for: path + "x").isEmpty)
  }

  @Test func namesAreFoundInOrderAndPathsStay() throws {
    let first = try Scratch()
    let second = try Scratch()
    try first.copy(Self.weights.appendingPathComponent("rdn_odd.pkl"), to: "odd.pkl")
    try second.copy(
      Self.weights.appendingPathComponent("rdn_odd.safetensors"), to: "odd.safetensors")
    try second.copy(Self.weights.appendingPathComponent("rdn_odd.pkl"), to: "only.v2.pkl")
    let catalogue = ModelCatalogue(folders: [first.url.path, second.url.path])
    #expect(try catalogue.path(ofModel: "odd") == first.url.path + "/odd.pkl")
    #expect(try catalogue.path(ofModel: "odd.safetensors") == second.url.path + "/odd.safetensors")
    #expect(try catalogue.path(ofModel: "only.v2") == second.url.path + "/only.v2.pkl")
    #expect(try catalogue.path(ofModel: "./odd") == "./odd")
  }

  @Test func unknownNameGetsTheNearestAndTheFolders() {
    let catalogue = ModelCatalogue(folders: [Self.models.path])
    let error = #expect(throws: CatalogueError.self) { try catalogue.path(ofModel: "interm") }
    #expect(error?.code == "input.missing")
    #expect(error?.message.contains("did you mean \"interim\"?") == true)
  }

  @Test func listTellsFactsRefusalsAndShadows() throws {
    let folder = try Scratch()
    try folder.copy(Self.weights.appendingPathComponent("rdn_odd.pkl"), to: "odd.pkl")
    try folder.copy(
      Self.weights.appendingPathComponent("rdn_odd.safetensors"), to: "odd.safetensors")
    try folder.copy(Self.weights.appendingPathComponent("rdn_odd.pkl"), to: "notes.txt")
    try folder.copy(
      Faults.folder.appendingPathComponent("torch/pkl-system.pt"), to: "hostile.pt")
    let catalogue = ModelCatalogue(folders: [Self.models.path, folder.url.path, "/nonexistent"])
    let summaries = catalogue.summaries()
    #expect(
      summaries.map(\.name)
        == ["brain-t1w", "brain-t1w-lite", "interim", "srrecnn3d-10l", "hostile", "odd", "odd"])
    #expect(summaries.map(\.isDefault) == [true] + [Bool](repeating: false, count: 6))
    #expect(summaries.map(\.isShadowed) == [Bool](repeating: false, count: 6) + [true])
    #expect(summaries[5].path.hasSuffix("odd.safetensors"))
    #expect(try summaries[3].facts.get().architecture == "srrecnn3d")
    let interim = try summaries[2].facts.get()
    #expect(interim.architecture == "arssr/SRResnet")
    #expect(interim.parameterCount == 145_037)
    #expect(interim.card.status == "interim")
    #expect(interim.card.licence == "CC0-1.0")
    #expect(interim.card.scales == .any)
    #expect(interim.card.contrasts == ["T1w"])
    guard case .failure(let refusal) = summaries[4].facts else {
      Issue.record("a hostile pickle is listed as a model")
      return
    }
    #expect(refusal.code == "model.unsafe")
  }

  /// By hand from spec: RDN F = 128, decoder width 256, encoder 5,916,352, decoder 363,008.
  @Test func costPerVoxelIsThatOfThePublishedNetwork() throws {
    let network = try ArSSRNetwork(checkpoint: RecognitionTests.checkpoint("rdn_full"))
    let cost = ModelCost(network)
    #expect(cost.operationsPerOutputVoxel(scale: 2) == 363_008 + 5_916_352 / 8)
    #expect(cost.featureBytes == 512 + 1024)
  }
}
