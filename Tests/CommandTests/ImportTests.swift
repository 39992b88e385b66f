import Foundation
import TestSupport
import Testing

/// Models of other frameworks seen from outside.
@Suite struct ImportTests {
  private static func files(_ folder: String, _ ending: String, hostile: Bool) -> [String] {
    let url = Golden.folder(folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasSuffix(ending) && $0.hasPrefix("hostile_") == hostile }.sorted()
      .map { url.appendingPathComponent($0).path }
  }

  private static let hostile =
    files("sisr/caffemodel", ".caffemodel", hostile: true)
    + files("espcn/npz", ".npz", hostile: true)

  @Test(arguments: hostile)
  func hostileFilesEndWithStatus78AndOneLine(path: String) throws {
    let run = try Program.run(["models", "verify", path], in: try Scratch())
    // Surplus entries of an archive are left alone, which the manifest allows.
    if path.hasSuffix("hostile_bomb_64MiB_unused_entry.npz") {
      #expect(run.status == 0, "\(run)")
      return
    }
    #expect(run.status == 78, "\(run)")
    #expect(run.output.isEmpty)
    #expect(run.error.hasPrefix("arssr: error: "), "\(run)")
    #expect(run.error.filter { $0 == "\n" }.count == 1, "\(run)")
    #expect(run.error.utf8.count <= 513, "\(run)")
  }

  @Test(arguments: [
    ("sisr/caffemodel/valid_v1_shape.caffemodel", "srrecnn3d", "xyz", "Caffe"),
    ("sisr/weights/SRCNN3D_iter_470000.caffemodel", "srcnn3d", "xyz", "Caffe"),
    (
      "sisr/weights/MultiSRReCNN3D_10Layers_IsoScalex2.caffemodel", "srrecnn3d-multi", "xyz",
      "Caffe"
    ),
    ("espcn/r2/snapshot_iter_synthetic.npz", "espcn3d", "zyx", "chainer npz"),
  ])
  func aConvertedModelSaysWhatItIs(
    file: String, kind: String, axes: String, container: String
  ) throws {
    let folder = try Scratch()
    let source = Golden.folder(file).path
    func information(_ path: String) throws -> [String: Any] {
      let run = try Program.run(["models", "info", "--format", "json", path], in: folder)
      #expect(run.status == 0, "\(run)")
      let information = try JSONText.object(run.outputBytes)
      #expect(try JSONSchema("arssr.model/1").violations(information) == [])
      return information
    }
    let before = try information(source)
    #expect(before["container"] as? String == container)
    let run = try Program.run(
      ["models", "convert", "--set", "arssr.licence=CECILL-B", source, "m.safetensors"],
      in: folder)
    #expect(run.status == 0, "\(run)")
    let after = try information("m.safetensors")
    for information in [before, after] {
      #expect(information["kind"] as? String == kind)
      let variants = information["variants"] as? [String: Any]
      #expect(variants?["axes"] as? String == axes)
    }
    #expect(after["parameters"] as? Int == before["parameters"] as? Int)
    let card = after["card"] as? [String: Any]
    #expect(card?["licence"] as? String == "CECILL-B")
    #expect((card?["provenance"] as? String)?.contains(container) == true)
    let again = try Program.run(
      ["models", "convert", "--set", "arssr.licence=CECILL-B", source, "n.safetensors"],
      in: folder)
    #expect(again.status == 0)
    #expect(try folder.read("m.safetensors") == folder.read("n.safetensors"))
  }

  /// Another name in the card makes no other network of three layers.
  @Test func aNetworkThatIsCalledAnotherIsRefused() throws {
    let source = Golden.folder("sisr/weights/SRCNN3D_iter_470000.caffemodel").path
    let run = try Program.run(
      ["models", "convert", "--set", "arssr.arch=espcn3d", source, "m.safetensors"],
      in: try Scratch())
    #expect(run.status == 78 && run.errorLines.count == 1, "\(run)")
    #expect(run.error.contains("kernels of 3, 1, 3, here 9, 1, 5"), "\(run)")
  }

  /// CeCILL-B asks for credit wherever the weights are used.
  @Test func thePublishedNetworkComesAlongWithItsLicence() throws {
    let run = try Program.run("models info srrecnn3d-10l", in: try Scratch())
    #expect(run.status == 0, "\(run)")
    for words in ["CECILL-B", "Pham", "sigma 1", "888769 in 20 tensors"] {
      #expect(run.output.contains(words), "\(words): \(run)")
    }
    let folder = Repository.folder.appendingPathComponent("Models")
    for name in ["LICENSE-CeCILL-B.txt", "NOTICE-deepBrain.txt"] {
      let path = folder.appendingPathComponent(name).path
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }
}
