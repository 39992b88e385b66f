import Foundation
import TestSupport
import Testing

/// Every example of every help text is run as it is printed.
@Suite struct ExampleTests {
  /// The lines of a help text's examples, each a command for a shell.
  private static func examples(_ command: String) throws -> [String] {
    let words = command.split(separator: " ").map(String.init)
    let help = try Program.run(words + ["--help"], in: try Scratch()).output
    let section = help.components(separatedBy: "\nEXAMPLES:\n").dropFirst().first ?? ""
    let body = section.components(separatedBy: "\n\n").first ?? ""
    return body.replacingOccurrences(of: "\\\n", with: " ").split(separator: "\n")
      .filter { $0.hasPrefix("    ") }.map(String.init)
  }

  @Test(arguments: HelpTests.commands.filter { !["", "models"].contains($0) })
  func examplesWork(_ command: String) throws {
    let examples = try Self.examples(command)
    #expect((2...6).contains(examples.count))
    for example in examples {
      let folder = try Scratch.withVolume()
      let names = "sub-01_T1w thick in hr first second result coarse"
      let pack = "for name in \(names); do gzip -c in.nii > $name.nii.gz; done"
      #expect(try Program.run([], in: folder, shell: pack).status == 0)
      let weights = Golden.folder("arssr").appendingPathComponent("weights/rdn_small.pkl")
      try folder.write(Data(contentsOf: weights), to: "ArSSR_RDN.pkl")
      try folder.write(Data(contentsOf: weights), to: "download.pt")
      let caffe = Golden.folder("sisr").appendingPathComponent(
        "weights/SRCNN3D_iter_470000.caffemodel")
      try folder.write(Data(contentsOf: caffe), to: "SRCNN3D.caffemodel")
      let arrays = Golden.folder("filters").appendingPathComponent("arrays")
      for (name, file) in [
        ("h_2.npy", "h_2.npy"), ("Qfactor_str2", "Qfactor_str2_protocol3.pkl"),
        ("Qfactor_coh2", "Qfactor_coh2_protocol4.pkl"),
      ] {
        try folder.write(Data(contentsOf: arrays.appendingPathComponent(file)), to: name)
      }
      symlink(Repository.folder.appendingPathComponent("Tests").path, folder.path("Tests"))
      if ["train", "bids"].contains(command) { try Self.addDataset(folder) }
      if command == "learn-filters" {
        var head = SampleVolume()
        head.size = [16, 16, 16]
        try folder.write(head.data, to: "heads/one.nii")
      }
      try folder.write(SampleVolume().data, to: "scans/one.nii")
      try folder.write(SampleVolume().data, to: "volumes/one.nii")
      let run = try Program.run(
        [], in: folder, shell: "arssr() { \"$ARSSR\" \"$@\"; }\n\(example)")
      #expect(run.status == 0, "\(example)\n\(run)")
    }
  }

  /// A dataset of two subjects, and settings that make every training one of a second.
  private static func addDataset(_ folder: Scratch) throws {
    var volume = SampleVolume()
    volume.size = [40, 40, 40]
    volume.spacing = [1, 1, 1]
    for subject in ["sub-01", "sub-02"] {
      for contrast in ["T1w", "T2w"] {
        try folder.write(
          volume.data, to: "dataset/\(subject)/anat/\(subject)_\(contrast).nii")
      }
    }
    try folder.writeSettings(
      "{\"train\": {\"steps\": 4, \"validateEvery\": 4, \"patch\": 8, \"samples\": 216}}")
  }
}
