import Foundation
import Testing

/// Standard input and output as streams of volumes.
@Suite struct PipeTests {
  @Test func streamsGiveTheSameBytesAsFiles() throws {
    let folder = try Scratch.withVolume()
    let file = try Program.run("upsample --method cubic in.nii o.nii", in: folder)
    #expect(file.status == 0)
    let expected = try folder.read("o.nii")
    let plain = try Program.run(
      "upsample --method cubic - -", in: folder, input: try folder.read("in.nii"))
    #expect(plain.status == 0, "\(plain)")
    #expect(plain.outputBytes == expected)
    let piped = try Program.run(
      [], in: folder,
      shell: "gzip -c in.nii | \"$ARSSR\" upsample --method cubic - /dev/stdout | cat")
    #expect(piped.outputBytes == expected)
    #expect(folder.names == ["in.nii", "o.json", "o.nii"])
  }

  @Test func aStreamIsCheckedLikeAFile() throws {
    let folder = try Scratch.withVolume()
    for (input, message) in [(Data(), "empty"), (Data("text".utf8), "not a NIfTI file")] {
      let run = try Program.run("upsample --method linear - o.nii", in: folder, input: input)
      #expect(run.status == 65)
      #expect(run.error.contains("arssr: error: -: "))
      #expect(run.error.contains(message), "\(run)")
    }
    let cut = try folder.read("in.nii").prefix(1000)
    #expect(try Program.run("upsample --method linear - -", in: folder, input: cut).status == 65)
    #expect(folder.names == ["in.nii"])
  }

  @Test func aReaderThatGoesAwayEndsTheProgramQuietly() throws {
    let folder = try Scratch.withVolume()
    let script = """
      { "$ARSSR" upsample --method linear -q --scale 8 in.nii - ; echo $? > status; } | head -c 10
      """
    let run = try Program.run([], in: folder, shell: script)
    #expect(run.error.isEmpty, "\(run)")
    #expect(String(decoding: try folder.read("status"), as: UTF8.self) == "141\n")
  }
}
