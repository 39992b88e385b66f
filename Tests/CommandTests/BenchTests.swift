import Foundation
import Testing

/// `arssr bench` end to end, on sizes that take a moment.
@Suite(.serialized) struct BenchTests {
  /// What every run of these tests asks for.
  private static let quick = "--size 8 --min-seconds 0 --repetitions 2"

  private func report(_ line: String, in folder: Scratch) throws -> [String: Any] {
    let run = try Program.run("bench \(line) \(Self.quick) --format json", in: folder)
    #expect(run.status == 0, "\(run)")
    let object = try JSONText.object(run.outputBytes)
    #expect(try JSONSchema("arssr.bench/1").violations(object) == [])
    return object
  }

  private func results(_ report: [String: Any]) throws -> [[String: Any]] {
    try #require(report["results"] as? [[String: Any]])
  }

  @Test func everyWorkloadIsReported() throws {
    let folder = try Scratch()
    let report = try report("encode decode upsample memory io --profile", in: folder)
    let results = try results(report)
    let names = results.compactMap { ($0["name"] as? String)?.prefix { $0 != "/" } }
    #expect(
      names == [
        "memory", "encode", "decode", "upsample", "write", "read", "write", "read",
      ])
    for result in results.dropFirst(1).prefix(3) {
      #expect((result["profile"] as? [Any])?.isEmpty == false)
      let error = try #require(result["error"] as? [String: Any])
      let (largest, budget) = (error["largest"] as? Double, error["budget"] as? Double)
      #expect(try #require(largest) <= #require(budget))
      #expect((result["seconds"] as? [String: Any])?["samples"] as? [Double] != nil)
    }
    let subject = try #require(report["subject"] as? [String: Any])
    #expect(subject["targetSize"] as? [Int] == [16, 16, 16])
    #expect(folder.names.isEmpty)
  }

  @Test func stepsAddUpToTheTimeOfTheResult() throws {
    let report = try report("upsample --profile", in: Scratch())
    let result = try #require(results(report).first)
    let steps = try #require(result["profile"] as? [[String: Any]])
    let shares = steps.compactMap { $0["share"] as? Double }.reduce(0, +)
    // Each share is printed with six digits.
    #expect(abs(shares - 1) < 1e-4)
    #expect(steps.last?["step"] as? String == "other")
  }

  @Test func theTextHasALinePerResult() throws {
    let run = try Program.run("bench encode decode \(Self.quick)", in: try Scratch())
    #expect(run.status == 0, "\(run)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("peak ") && $0.contains("GFLOP/s on 1 core") })
    #expect(lines.contains { $0.hasPrefix("input ") && $0.contains("8 x 8 x 8 -> 16 x 16 x 16") })
    #expect(lines.count { $0.hasPrefix("encode ") || $0.hasPrefix("decode ") } == 2)
    #expect(run.output.contains("\nerror: "))
    #expect(run.output.contains("\nlayers: "))
  }

  @Test func kernelsAreMeasuredOnOneCore() throws {
    let report = try report("kernels --threads 2", in: Scratch())
    let results = try results(report)
    #expect(results.count > 10)
    #expect(results.allSatisfy { $0["threads"] as? Int == 1 })
    #expect(results.contains { ($0["name"] as? String)?.hasPrefix("conv3x3x3/64->64/1t/") == true })
  }

  @Test func sweepsMeasureEverySetting() throws {
    let folder = try Scratch()
    let tiles = try results(report("decode --sweep tile", in: folder))
    #expect(tiles.compactMap { $0["tile"] as? Int } == [12, 24, 48, 72, 96, 144, 192])
    #expect(Set(tiles.compactMap { $0["name"] as? String }).count == 7)
    let sets = try results(report("decode --sweep isa --size 6", in: folder))
    #expect(sets.first?["isa"] as? String == "generic")
    let threads = try results(report("encode --sweep threads --threads 2", in: folder))
    #expect(threads.compactMap { $0["threads"] as? Int } == [1, 2])
  }

  @Test(arguments: ["rdn", "rescnn", "srresnet"]) func publishedSizesHaveRandomWeights(
    _ name: String
  ) throws {
    let folder = try Scratch()
    let run = try Program.run(
      "bench encode --model random:\(name) --size 6 --min-seconds 0 --repetitions 1 --format json",
      in: folder)
    #expect(run.status == 0, "\(run)")
    let subject = try #require(JSONText.object(run.outputBytes)["subject"] as? [String: Any])
    #expect(subject["model"] as? String == "random:\(name)")
    #expect(subject["sha256"] is NSNull)
  }

  @Test(arguments: [SampleModel.chain(), .chain(images: 2), .shuffle(factor: 2)])
  func networksOfOtherSystemsAreMeasuredInTheSameForm(model: SampleModel) throws {
    let folder = try Scratch()
    try folder.write(model.data, to: "m.safetensors")
    let words = "encode decode upsample memory --profile --model m.safetensors"
    let results = try results(report(words, in: folder))
    #expect(
      results.compactMap { ($0["name"] as? String)?.prefix { $0 != "/" } }
        == ["memory", "encode", "decode", "upsample"])
    for result in results.dropFirst() {
      #expect((result["profile"] as? [Any])?.isEmpty == false)
      let error = try #require(result["error"] as? [String: Any])
      #expect(try #require(error["largest"] as? Double) <= #require(error["budget"] as? Double))
    }
    let scaling = try Program.run("bench --scaling --model m.safetensors --size 8", in: folder)
    #expect(scaling.status == 64 && scaling.error.contains("--scaling"), "\(scaling)")
  }

  @Test func aBackgroundIsLeftOutAndReported() throws {
    let json = try Program.run(
      "bench encode decode --background 0.9 --size 32 --min-seconds 0 --repetitions 1 --format json",
      in: Scratch())
    let report = try JSONText.object(json.outputBytes)
    #expect(try JSONSchema("arssr.bench/1").violations(report) == [])
    for result in try results(report) {
      let left = try #require(result["leftOut"] as? [String: Any])
      // Half axes of 9.2 voxels and 3 more around them, of 16.
      #expect(try #require(left["decoder"] as? Double) > 0.5)
      let error = try #require(result["error"] as? [String: Any])
      #expect(try #require(error["largest"] as? Double) <= #require(error["budget"] as? Double))
    }
    let run = try Program.run(
      "bench encode --background 0.9 --size 32 --min-seconds 0 --repetitions 1", in: Scratch())
    #expect(run.output.contains("90 % background around an ellipsoid"), "\(run)")
    #expect(run.output.contains("\nbackground: "), "\(run)")
  }

  @Test func aSweepOverThreadsSaysWhatOfThePeaksGainIsReached() throws {
    let run = try Program.run(
      "bench decode \(Self.quick) --sweep threads --threads 2", in: Scratch())
    #expect(run.status == 0, "\(run)")
    #expect(run.output.contains("decode 2t: "), "\(run)")
    #expect(run.output.contains("times as fast as with 1 thread, the peak "), "\(run)")
    let report = try report("decode --sweep threads --threads 2", in: Scratch())
    let gains = try results(report).map { $0["gain"] as? [String: Any] }
    #expect(gains[0] == nil)
    #expect(try #require(gains[1]?["ofPeak"] as? Double) > 0.1)
  }

  @Test func calibrationPrintsWhatIsCompiledIn() throws {
    let run = try Program.run(
      "bench --calibrate --repetitions 1 --min-seconds 0", in: Scratch())
    #expect(run.status == 0, "\(run)")
    #expect(run.output.contains(": Costs(productShare: "), "\(run)")
    let json = try Program.run(
      "bench --calibrate --repetitions 1 --min-seconds 0 --format json", in: Scratch())
    let object = try JSONText.object(json.outputBytes)
    #expect(try JSONSchema("arssr.calibration/1").violations(object) == [])
  }

  @Test func scalingIsPredictedUpTo128Cores() throws {
    let run = try Program.run(
      "bench --scaling \(Self.quick) --threads 2 --format json", in: Scratch())
    #expect(run.status == 0, "\(run)")
    let object = try JSONText.object(run.outputBytes)
    #expect(try JSONSchema("arssr.scaling/1").violations(object) == [])
    for stage in try #require(object["stages"] as? [[String: Any]]) {
      let predictions = try #require(stage["predictions"] as? [[String: Any]])
      #expect(predictions.compactMap { $0["cores"] as? Int } == [1, 2, 4, 8, 16, 32, 64, 128])
    }
  }

  // MARK: - Saved results

  @Test func savedResultsAreComparedByName() throws {
    let folder = try Scratch()
    #expect(
      try Program.run("bench encode \(Self.quick) --save a.json", in: folder).status == 0)
    let saved = try folder.json("a.json")
    #expect(try JSONSchema("arssr.bench/1").violations(saved) == [])
    let compared = try results(report("encode decode --compare a.json", in: folder))
    let comparison = try #require(compared[0]["comparison"] as? [String: Any])
    #expect(try #require(comparison["ratio"] as? Double) > 0)
    #expect(compared[1]["comparison"] is NSNull)

    let text = try Program.run("bench encode \(Self.quick) --compare a.json", in: folder)
    #expect(text.output.contains("ratio: seconds before / seconds now"), "\(text)")
  }

  /// The saved file is changed so that the runs before took a thousandth, or thousand times, of now.
  @Test func aRatioBelowTheLimitEndsWithOne() throws {
    let folder = try Scratch()
    #expect(try Program.run("bench encode \(Self.quick) --save a.json", in: folder).status == 0)
    for (factor, status) in [(0.001, 1), (1000, 0)] {
      var saved = try folder.json("a.json")
      var results = try results(saved)
      let seconds = try #require(results[0]["seconds"] as? [String: Any])
      let samples = try #require(seconds["samples"] as? [Double])
      results[0]["seconds"] = ["samples": samples.map { $0 * factor }]
      saved["results"] = results
      try folder.write(JSONSerialization.data(withJSONObject: saved), to: "b.json")
      let run = try Program.run(
        "bench encode \(Self.quick) --compare b.json --fail-below 0.5", in: folder)
      #expect(run.status == status, "\(run)")
      #expect(run.output.contains("encode "))
      #expect(run.error.contains("below --fail-below 0.5") == (status == 1), "\(run)")
      #expect(run.output.contains(" *"))
    }
  }

  @Test func whatIsNoSavedResultIsRefused() throws {
    let folder = try Scratch()
    try folder.write("{", to: "broken.json")
    try folder.write("{\"schema\": \"arssr.plan/1\"}", to: "plan.json")
    try folder.write("{\"schema\": \"arssr.bench/1\"}", to: "empty.json")
    try folder.write(
      "{\"schema\": \"arssr.bench/1\", \"results\": [{\"name\": \"a\"}]}", to: "part.json")
    try folder.write("old", to: "old.json")
    let names = folder.names
    for (line, status) in [
      ("--compare broken.json", 78), ("--compare plan.json", 78), ("--compare empty.json", 78),
      ("--compare part.json", 78), ("--compare missing.json", 66), ("--save old.json", 73),
      ("--save none/a.json", 73),
    ] {
      let run = try Program.run("bench encode \(Self.quick) \(line)", in: folder)
      #expect(run.status == status, "\(run)")
      #expect(run.errorLines.count == 1, "\(run)")
      #expect(run.output.isEmpty, "\(run)")
    }
    #expect(folder.names == names)
  }

  // MARK: - Wrong calls

  @Test(arguments: [
    ("bench upsamle", "<workload> upsamle: must be one of", "did you mean upsample?"),
    ("bench --size 0", "--size 0: sizes are 1 to 4096", ""),
    ("bench --size 1,2", "--size 1,2: needs one value or three", ""),
    ("bench --scale 0.5", "--scale 0.5: factors are 1 to 1000", ""),
    ("bench --repetitions 0", "--repetitions 0: must be a whole number from 1", ""),
    ("bench --min-seconds -1", "--min-seconds", ""),
    ("bench --min-seconds=-1", "--min-seconds -1: must be seconds from 0", ""),
    ("bench --sweep thread", "--sweep thread: must be one of threads, isa, tile", "threads?"),
    ("bench --fail-below 0.9", "--fail-below: has a meaning only with --compare", ""),
    ("bench --fail-below 0 --compare a", "--fail-below 0: must be a number above 0", ""),
    ("bench --sweep isa --isa avx2", "--sweep isa, --isa: ask for one of the two", ""),
    ("bench io --sweep tile", "--sweep tile, io: io has no tiles", ""),
    ("bench --model random:rdm", "--model random:rdm: must be one of random:rdn", "random:rdn?"),
    ("bench --save=", "--save: needs a value", ""),
    ("bench --background 0.3", "--background 0.3: must be 0 or a share from 0.5 to 0.99", ""),
    ("bench --calibrate --scaling", "--calibrate, --scaling: ask for one of the two", ""),
    ("bench --scaling decode", "--scaling, <workload>: --scaling measures one thing", ""),
    ("bench --calibrate --sweep tile", "--calibrate, --sweep: --calibrate measures one", ""),
  ]) func wrongOptionsAreNamed(_ line: String, _ start: String, _ end: String) throws {
    let run = try Program.run(line, in: try Scratch())
    #expect(run.status == 64, "\(run)")
    #expect(run.errorLines.count == 2, "\(run)")
    #expect(run.errorLines.first?.hasPrefix("arssr: error: \(start)") == true, "\(run)")
    #expect(run.errorLines.first?.hasSuffix(end) == true, "\(run)")
  }

  @Test func whatDoesNotFitTheMemoryIsRefusedBeforeAnythingIsMeasured() throws {
    let run = try Program.run("bench --size 64 --max-memory 8M", in: try Scratch())
    #expect(run.status == 69, "\(run)")
    #expect(run.errorLines.count == 1, "\(run)")
    #expect(run.output.isEmpty)
  }

  @Test func settingsOfAnUpsamplingDoNotChangeWhatIsMeasured() throws {
    let folder = try Scratch()
    try folder.writeSettings("{\"scale\": 3, \"size\": \"9\", \"bench\": {\"repetitions\": 3}}")
    let run = try Program.run("bench encode --size 8 --min-seconds 0 --format json", in: folder)
    let report = try JSONText.object(run.outputBytes)
    #expect((report["subject"] as? [String: Any])?["targetSize"] as? [Int] == [16, 16, 16])
    #expect(try results(report).first?["repetitions"] as? Int == 3)
  }
}
