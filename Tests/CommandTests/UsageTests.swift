import Foundation
import Testing

/// Command lines that are wrong: status 64, one line that names the fault, one that points to help.
@Suite struct UsageTests {
  struct Case: CustomStringConvertible, Sendable {
    var words: [String]
    /// What the first line must contain.
    var message: String
    /// The command whose help the second line names.
    var help: String

    init(_ line: String, _ message: String, help: String = "arssr upsample --help") {
      words = line.split(separator: " ").map(String.init)
      self.message = message
      self.help = help
    }

    var description: String { words.joined(separator: " ") }
  }

  static let cases = [
    Case(
      "upsmaple in.nii o.nii", "upsmaple: unknown command; did you mean upsample?",
      help: "arssr --help"),
    Case(
      "help upsmaple", "upsmaple: unknown command; did you mean upsample?", help: "arssr --help"),
    Case("models lst", "lst: unknown command; did you mean list?", help: "arssr models --help"),
    Case("upsample --sclae 2 in.nii o.nii", "--sclae: unknown option; did you mean --scale?"),
    Case("upsample -z in.nii o.nii", "-z: unknown option"),
    Case("--nonsense", "--nonsense: unknown option", help: "arssr --help"),
    Case("upsample in.nii o.nii --scale", "--scale: needs a value"),
    Case("upsample in.nii", "<output> is missing"),
    Case("upsample in.nii o.nii third", "third: one argument too many"),
    Case("upsample --force=3 in.nii o.nii", "--force: takes no value"),
    Case("upsample --scale 0 in.nii o.nii", "--scale 0: factors are 1 to 1000 per axis"),
    Case("upsample --scale -2 in.nii o.nii", "--scale -2: factors"),
    Case("upsample --scale 0.5 in.nii o.nii", "would make the volume coarser"),
    Case("upsample --scale nan in.nii o.nii", "--scale nan:"),
    Case("upsample --scale inf in.nii o.nii", "--scale inf:"),
    Case("upsample --scale 0x2 in.nii o.nii", "--scale 0x2:"),
    Case("upsample --scale two in.nii o.nii", "\"two\" is no number"),
    Case("upsample --scale 1e9 in.nii o.nii", "--scale 1e9:"),
    Case("upsample --scale 2,3 in.nii o.nii", "one value or three (i,j,k), has 2"),
    Case("upsample --scale 2,,3 in.nii o.nii", "nothing is no number"),
    Case("upsample --spacing 0 in.nii o.nii", "spacings are millimetres"),
    Case("upsample --size 1.5 in.nii o.nii", "\"1.5\" is no whole number"),
    Case("upsample --size 6,10,8 in.nii o.nii", "coarser"),
    Case("upsample --spacing 3 in.nii o.nii", "coarser"),
    Case("upsample --like in.nii --scale 2 in.nii o.nii", "--scale, --like: only one option"),
    Case("upsample --isotropic --size 20,20,20 in.nii o.nii", "--isotropic, --size: only one"),
    Case("upsample --threads 0 in.nii o.nii", "--threads 0: threads are a whole number"),
    Case(
      "upsample --threads 100000 --method linear in.nii o.nii",
      "--threads 100000: this process may use"),
    Case("upsample --max-memory lots in.nii o.nii", "--max-memory lots: must be bytes"),
    Case("upsample --max-memory 120% in.nii o.nii", "--max-memory 120%: must be bytes"),
    Case("upsample --isa avx in.nii o.nii", "did you mean avx"),
    Case("upsample --method cubik in.nii o.nii", "did you mean cubic?"),
    Case("upsample --method linear --model x in.nii o.nii", "interpolation takes no --model"),
    Case(
      "upsample --method linear --background keep in.nii o.nii",
      "interpolation takes no --background"),
    Case("upsample --method linear --psf 1 in.nii o.nii", "interpolation takes no --psf"),
    Case("upsample --normalisation percentile:5 in.nii o.nii", "--normalisation percentile:5:"),
    Case("upsample --psf -1 in.nii o.nii", "--psf -1: must be a number from 0 to 10 "),
    Case("upsample --clip 5,1 in.nii o.nii", "--clip 5,1: must be none, input or LOW,HIGH"),
    Case("upsample --nan maybe in.nii o.nii", "--nan maybe: must be one of error, zero"),
    Case("upsample --volumes 3:1 in.nii o.nii", "--volumes 3:1: frames are"),
    Case("upsample --method linear --volumes 1 in.nii o.nii", "frame 1 asked, the input has 1"),
    Case("upsample --outside linear in.nii o.nii", "only with --mask"),
    Case("upsample --mask - in.nii o.nii", "--mask -: standard input cannot be one of several"),
    Case("upsample --like - in.nii o.nii", "--like -: standard input cannot be one of several"),
    Case("upsample --guide - in.nii o.nii", "--guide -: standard input cannot be one of several"),
    Case("upsample --datatype int8 in.nii o.nii", "--datatype int8: must be one of"),
    Case("upsample --compression 10 in.nii o.nii.gz", "--compression 10: must be a whole number"),
    Case("upsample --tile 0 in.nii o.nii", "--tile 0: must be a whole number from 1 to 1000000000"),
    Case("upsample --tile-compat 4097 in.nii o.nii", "must be a whole number from 1 to 4096"),
    Case("upsample --psf 11 in.nii o.nii", "--psf 11: must be a number from 0 to 10 "),
    Case("upsample --format xml in.nii o.nii", "--format xml: must be one of text, json"),
    Case("upsample --format json in.nii -", "standard output takes the volume or the report"),
    Case(
      "upsample --format json in.nii /dev/stdout", "standard output takes the volume or the report"),
    Case(
      "upsample --format json --report - in.nii o.nii",
      "standard output takes the volume or the report"),
    Case(
      "evaluate --report - in.nii in.nii", "--report -: standard output takes the scores",
      help: "arssr evaluate --help"),
    Case("upsample --quiet -v in.nii o.nii", "--quiet, --verbose"),
    Case("upsample in.nii o.mha", "o.mha: the name must end in .nii or .nii.gz"),
    Case("upsample in.nii ./in.nii", "is the input file itself"),
    Case("upsample --header-compat --like in.nii in.nii o.nii", "does not go with --like"),
    Case(
      "info --config-only in.nii", "settings are not those of a file", help: "arssr info --help"),
    Case(
      "models convert a.pt b.pt", "must end in .safetensors", help: "arssr models convert --help"),
    Case(
      "models convert a.pt b.safetensors --set x", "must be KEY=VALUE",
      help: "arssr models convert --help"),
    Case("models verify", "<model> is missing", help: "arssr models verify --help"),
  ]

  @Test(arguments: cases) func wrongWordsAreRefusedInTwoLines(_ wrong: Case) throws {
    let folder = try Scratch.withVolume()
    let run = try Program.run(wrong.words, in: folder)
    #expect(run.status == 64, "\(run)")
    #expect(run.output.isEmpty)
    #expect(run.errorLines.count == 2, "\(run)")
    #expect(run.errorLines.first?.hasPrefix("arssr: error: ") == true)
    #expect(run.errorLines.first?.contains(wrong.message) == true, "\(run)")
    #expect(run.errorLines.last == "See '\(wrong.help)'.")
    #expect(folder.names == ["in.nii"])
  }

  @Test func emptyNamesAreRefused() throws {
    let folder = try Scratch.withVolume()
    for words in [["upsample", "", "o.nii"], ["upsample", "in.nii", ""], ["info", ""]] {
      let run = try Program.run(words, in: folder)
      #expect(run.status == 64, "\(run)")
      #expect(run.error.contains("empty"))
    }
  }

  @Test func optionsAndArgumentsMixInAnyOrder() throws {
    for line in [
      "upsample --method linear in.nii o.nii --scale=2",
      "upsample in.nii --scale 2 o.nii --method=linear",
      "upsample --method linear --scale 2x2x2 -- in.nii o.nii",
    ] {
      let folder = try Scratch.withVolume()
      let run = try Program.run(line, in: folder)
      #expect(run.status == 0, "\(run)")
      #expect(folder.names == ["in.nii", "o.json", "o.nii"])
    }
  }
}
