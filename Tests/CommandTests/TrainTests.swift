import Foundation
import Testing

/// `arssr train` seen from outside, with networks so small that a step takes a millisecond.
@Suite struct TrainTests {
  @Test func aTrainedModelServesUpsampleAndSaysWhatItIs() throws {
    let folder = try SmallTraining.folder()
    let run = try SmallTraining.train("--steps 40 --output o", folder)
    #expect(run.output.isEmpty)
    #expect(run.error.contains("dB over cubic"), "\(run)")
    #expect(
      folder.names(in: "o") == [
        "best.safetensors", "card.json", "config.json", "curves.png", "last.safetensors", "log.csv",
        "log.jsonl", "previous.safetensors", "sample.png", "tensorboard", "validation.csv",
      ])
    let information = try Program.run("models info --format json o/best.safetensors", in: folder)
    let model = try JSONText.object(information.outputBytes)
    let card = try #require(model["card"] as? [String: Any])
    #expect(card["contrast"] as? [String] == ["T1w"])
    let scales = try #require(model["scales"] as? [String: Any])
    #expect(scales["min"] as? Double == 1.5)
    #expect(scales["max"] as? Double == 2)
    let verify = try Program.run("models verify o/best.safetensors", in: folder)
    #expect(verify.status == 0, "\(verify)")
    let use = try Program.run(
      "upsample --psf 1 --model o/best.safetensors d/sub-01_T1w.nii up.nii", in: folder)
    #expect(use.status == 0, "\(use)")
    #expect(SampleVolume.read(try folder.read("up.nii")).size == [80, 80, 80, 1])
  }

  @Test func contrastsThatNobodyAskedForAreWarnedOf() throws {
    let folder = try SmallTraining.folder()
    #expect(!(try SmallTraining.train("--steps 5 --output o", folder).error.contains("contrasts")))
    try folder.write(SmallTraining.volume(4, 40).data, to: "d/sub-05_T2w.nii")
    try folder.write("d/sub-01_T1w.nii\nd/sub-05_T2w.nii\n", to: "list.txt")
    let words = SmallTraining.small.replacingOccurrences(of: "--data d", with: "--data @list.txt")
      .replacingOccurrences(of: "--validation-share 0.4", with: "--validate d/sub-02_T1w.nii")
    let run = try Program.run("\(words) --steps 5 --output p", in: folder)
    #expect(run.status == 0)
    #expect(run.error.contains("several contrasts (T1w, T2w)"), "\(run)")
  }

  /// Blurred data of so plain a kind gain within 300 steps; the log says by how much, and the best
  /// score of the log is the one that the model was kept for.
  @Test func trainingGainsOverCubicAndKeepsTheBest() throws {
    let folder = try SmallTraining.folder()
    let run = try SmallTraining.train(
      "--steps 300 --validate-every 50 --format json --output o", folder)
    let report = try JSONText.object(run.outputBytes)
    #expect(try JSONSchema("arssr.train/1").violations(report) == [])
    let item = try #require((report["items"] as? [[String: Any]])?.first)
    let lines = String(decoding: try folder.read("o/log.jsonl"), as: UTF8.self)
      .split(separator: "\n")
    let objects = try lines.map { try JSONText.object(Data($0.utf8)) }
    let schema = try JSONSchema("arssr.train-log/1")
    #expect(objects.flatMap(schema.violations) == [])
    let scores = objects.filter { $0["validation"] != nil }
    #expect(scores.compactMap { $0["step"] as? Int } == [50, 100, 150, 200, 250, 300])
    func value(_ object: [String: Any], _ key: String) -> Double {
      (object["validation"] as? [String: Any])?[key] as? Double ?? .nan
    }
    let best = try #require(scores.max { value($0, "psnr") < value($1, "psnr") })
    #expect(item["bestStep"] as? Int == best["step"] as? Int)
    #expect(value(best, "gain") > 0.3)
    #expect(objects.count(where: { $0["loss"] != nil }) == 60)
    let table = String(decoding: try folder.read("o/validation.csv"), as: UTF8.self)
    #expect(table.split(separator: "\n").count == 1 + 6 * 4)
  }

  /// What the user says of a model stays with it where the training is resumed.
  @Test func theCardIsKeptOverStops() throws {
    let folder = try SmallTraining.folder()
    try folder.write("{\"arssr.licence\": \"CC0-1.0\"}", to: "card.json")
    _ = try SmallTraining.train("--steps 10 --card card.json --time-limit 0.001 --output o", folder)
    let run = try Program.run("train --resume --output o", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(try folder.json("o/card.json")["arssr.licence"] as? String == "CC0-1.0")
  }

  /// A model that was told of blur becomes one whose blur is divided out, and begins as it was at 0.
  @Test func aModelTakesAnotherCondition() throws {
    let folder = try SmallTraining.folder()
    _ = try SmallTraining.train("--steps 20 --condition psf --output told", folder)
    let options = "--data d --patch 8 --samples 216 --scales 1.5..2 --validation-share 0.4"
    let more = "train \(options) --init told/best.safetensors --steps 10 --validate-every 10"
    for (condition, name) in [("", "psf"), ("--condition deconvolution", "deconvolution")] {
      let run = try Program.run("\(more) \(condition) --output \(name)", in: folder)
      #expect(run.status == 0, "\(run)")
      #expect(try folder.json("\(name)/card.json")["arssr.condition"] as? String == name)
      let resumed = try Program.run("train --resume --output \(name)", in: folder)
      #expect(resumed.status == 0, "\(resumed)")
    }
    let run = try Program.run("\(more) --condition none --output none", in: folder)
    #expect(run.status == 64, "\(run)")
    #expect(run.error.contains("decoder inputs"), "\(run)")
  }

  @Test func theModelDependsNeitherOnThreadsNorOnStops() throws {
    let folder = try SmallTraining.folder()
    _ = try SmallTraining.train("--steps 40 --threads 1 --output a", folder)
    _ = try SmallTraining.train("--steps 40 --threads all --output b", folder)
    _ = try SmallTraining.train("--steps 40 --time-limit 0.001 --output c", folder)
    // Not validated yet, but there.
    #expect(folder.exists("c/best.safetensors"))
    #expect(try folder.read("c/validation.csv").split(separator: UInt8(ascii: "\n")).count == 1)
    var stops = 0
    while try !folder.isSame("a/last.safetensors", "c/last.safetensors"), stops < 200 {
      stops += 1
      let run = try Program.run("train --resume --output c --time-limit 0.05", in: folder)
      #expect(run.status == 0, "\(run)")
    }
    for name in ["best.safetensors", "last.safetensors", "card.json"] {
      #expect(try folder.isSame("a/\(name)", "b/\(name)"), "\(name)")
      #expect(try folder.isSame("a/\(name)", "c/\(name)"), "\(name)")
    }
    let scores = try folder.read("c/validation.csv")
    #expect(try folder.read("a/validation.csv") == scores)
    _ = try SmallTraining.train("--steps 40 --seed 1 --output d2", folder)
    #expect(try !folder.isSame("a/best.safetensors", "d2/best.safetensors"))
  }

  @Test(arguments: [("TERM", 143), ("INT", 130)])
  func aSignalSavesWhatCanBeResumed(_ name: String, _ status: Int) throws {
    let folder = try SmallTraining.folder()
    let script = """
      env --default-signal=INT "$ARSSR" \(SmallTraining.small) --steps 100000 --output o &
      run=$!
      while [ ! -e o/last.safetensors ]; do sleep 0.02; done
      kill -\(name) $run
      wait $run
      echo $?
      """
    let run = try Program.run([], in: folder, shell: script)
    #expect(run.output == "\(status)\n", "\(run)")
    #expect(run.error.contains("saved after step"), "\(run)")
    #expect(!folder.names(in: "o").contains { $0.hasSuffix("arssr-tmp") })
    let more = try Program.run("train --resume --output o --time-limit 0.2", in: folder)
    #expect(more.status == 0, "\(more)")
  }

  /// `mpirun` says by variables how many it has started; without MPI each would train by itself.
  @Test func severalProcessesNeedABuildWithMPI() throws {
    let folder = try SmallTraining.folder()
    let run = try Program.run(
      "\(SmallTraining.small) --steps 10 --output o".split(separator: " ").map(String.init),
      in: folder,
      environment: ["OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "0"])
    #expect(run.status == 69, "\(run)")
    #expect(run.error.contains("--traits MPI"), "\(run)")
    #expect(!folder.exists("o/config.json"))
  }

  @Test func aDamagedStateFallsBackOnTheOneBefore() throws {
    let folder = try SmallTraining.folder()
    _ = try SmallTraining.train("--steps 20 --output o", folder)
    let part = Data(try folder.read("o/last.safetensors").prefix(1000))
    try folder.write(part, to: "o/last.safetensors")
    let before = try folder.read("o/previous.safetensors")
    let run = try Program.run("train --resume --output o --time-limit 0.001", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(run.error.contains("the one before it is used"), "\(run)")
    // What could not be read has not taken its place.
    #expect(try folder.read("o/previous.safetensors") == before)
    try Program.run("train --resume --output o", in: folder, endsWith: 0)
    #expect(try folder.read("o/previous.safetensors") != before)
  }

  /// The card of another training may be given: what it says of that one's network is left out.
  @Test func aCardSaysNothingOfWhatTheTrainingDecides() throws {
    let folder = try SmallTraining.folder()
    let card = [
      "arssr.condition": "psf", "arssr.residual": "none", "arssr.scales": "3..4",
      "arssr.normalisation": "minmax", "arssr.degradation": "another", "arssr.status": "a trial",
      "arssr.citation": "ours",
    ]
    try folder.write(String(decoding: JSONEncoder().encode(card), as: UTF8.self), to: "card.json")
    _ = try SmallTraining.train("--steps 10 --output a", folder)
    _ = try SmallTraining.train("--steps 10 --card card.json --output b", folder)
    var written = try folder.json("b/card.json")
    #expect(written.removeValue(forKey: "arssr.status") as? String == "a trial")
    #expect(written.removeValue(forKey: "arssr.citation") as? String == "ours")
    let plain = try folder.json("a/card.json")
    #expect(NSDictionary(dictionary: written) == NSDictionary(dictionary: plain))
  }

  /// A volume whose middle is one value has no PSNR; the others choose the best model.
  @Test func aVolumeWithoutDetailInItsMiddleIsNotValidatedWith() throws {
    let folder = try SmallTraining.folder()
    var hollow = SmallTraining.volume(3, 96)
    let value = hollow.value
    hollow.value = { i, j, k, frame in
      [i, j, k].allSatisfy { (4..<92).contains($0) } ? 100 : value(i, j, k, frame)
    }
    try folder.write(hollow.data, to: "hollow.nii")
    try folder.write("d/sub-02_T1w.nii\nhollow.nii\n", to: "two.txt")
    let words = SmallTraining.small.replacingOccurrences(of: "--validation-share 0.4", with: "")
    let run = try Program.run(
      "\(words) --steps 10 --validate @two.txt --output o", in: folder, endsWith: 0)
    #expect(run.error.contains("hollow.nii: its middle"), "\(run)")
    #expect(!run.error.contains("nan") && run.error.contains("best so far"), "\(run)")
    let alone = try Program.run(
      "\(words) --steps 10 --validate hollow.nii --patience 2 --output p", in: folder,
      endsWith: 0)
    #expect(alone.error.contains("nor does --patience end the training"), "\(alone)")
    #expect(folder.exists("p/best.safetensors"))
  }

  /// The same volumes, divided otherwise.
  @Test func aTrainingDoesNotGoOnWithOtherParts() throws {
    let folder = try SmallTraining.folder()
    try folder.write("d/sub-02_T1w.nii\nd/sub-03_T1w.nii\n", to: "two.txt")
    try folder.write("d/sub-03_T1w.nii\n", to: "one.txt")
    let words = SmallTraining.small.replacingOccurrences(of: "--validation-share 0.4", with: "")
    try Program.run(
      "\(words) --steps 20 --time-limit 0.001 --validate @two.txt --output o", in: folder,
      endsWith: 0)
    let run = try Program.run(
      "train --resume --validate @one.txt --output o", in: folder, endsWith: 78)
    #expect(run.error.contains("another set of volumes"), "\(run)")
  }

  @Test func aModelCanBeTrainedOn() throws {
    let folder = try SmallTraining.folder()
    _ = try SmallTraining.train("--steps 10 --output o", folder)
    let line =
      "train --data d --patch 8 --samples 216 --scales 1.5..2 --validate-every 10 --steps 10 "
    let run = try Program.run("\(line) --init o/best.safetensors --output p", in: folder)
    #expect(run.status == 0, "\(run)")
    let card = try folder.json("p/card.json")
    #expect((card["arssr.base"] as? String)?.count == 64)
    let both = try Program.run(
      "\(line) --init o/best.safetensors --width 8 --output q", in: folder)
    #expect(both.status == 64)
  }

  @Test func theSettingsOfATrainingMakeItAgain() throws {
    let folder = try SmallTraining.folder()
    _ = try SmallTraining.train("--steps 20 --output a", folder)
    let run = try Program.run("train --config a/config.json --output b", in: folder)
    #expect(run.status == 0, "\(run)")
    #expect(try folder.isSame("a/best.safetensors", "b/best.safetensors"))
    #expect(try folder.isSame("a/config.json", "b/config.json"))
  }

  @Test func theModelsOfTheLastValidationsAreKept() throws {
    let folder = try SmallTraining.folder()
    _ = try SmallTraining.train("--steps 35 --keep 2 --output o", folder)
    #expect(
      folder.names(in: "o").filter { $0.hasPrefix("step-") } == [
        "step-30.safetensors", "step-35.safetensors",
      ])
    let run = try Program.run("models verify o/step-30.safetensors", in: folder)
    #expect(run.status == 0, "\(run)")
  }

  /// With so low a rate nothing is learnt, so the first validation stays the best one, or the next
  /// differs from it in the last digits at most.
  @Test func withoutABetterValidationItEndsEarly() throws {
    let folder = try SmallTraining.folder()
    let run = try SmallTraining.train(
      "--steps 5000 --learning-rate 1e-12 --patience 3 --format json --output o", folder)
    let report = try JSONText.object(run.outputBytes)
    #expect(report["status"] as? String == "ok")
    let item = try #require((report["items"] as? [[String: Any]])?.first)
    let best = try #require(item["bestStep"] as? Int)
    #expect(item["steps"] as? Int == best + 30)
    #expect(run.error.contains("3 validations without a better one"), "\(run)")
    let settings = try folder.json("o/config.json")["train"] as? [String: Any]
    #expect(settings?["patience"] as? Int == 3)
  }

  /// Three volumes, one of them to validate with, are 12 patches an epoch: six steps of two.
  @Test func epochsAreSixPatchesPerVolume() throws {
    let folder = try SmallTraining.folder()
    let run = try SmallTraining.train("--epochs 3 --dry-run --output o", folder)
    #expect(run.output.contains("18 of 2 patches"), "\(run)")
    let both = try SmallTraining.train("--epochs 3 --steps 5 --output o", folder, status: 64)
    #expect(both.error.contains("--steps, --epochs: give the length once"), "\(both)")
  }

  /// Another instruction set would go on to another model without a word.
  @Test func anotherInstructionSetDoesNotGoOn() throws {
    let folder = try SmallTraining.folder()
    _ = try SmallTraining.train("--isa sse42 --steps 10 --output o", folder)
    let run = try Program.run("train --resume --isa generic --output o", in: folder)
    #expect(run.status == 78, "\(run)")
    #expect(run.errorLines.first?.contains("was trained with --isa sse42") == true, "\(run)")
    let same = try Program.run("train --resume --isa sse42 --output o", in: folder)
    #expect(same.status == 0, "\(same)")
  }

  @Test func aDryRunWritesNothing() throws {
    let folder = try SmallTraining.folder()
    let run = try SmallTraining.train("--dry-run --output o", folder)
    #expect(run.output.contains("6741 parameters"), "\(run)")
    #expect(folder.names == ["d"])
  }

  @Test func refusalsSayWhatIsWrongOnOneLine() throws {
    let folder = try SmallTraining.folder()
    try folder.makeFolder("empty")
    try folder.write(SmallTraining.volume(0, 10).data, to: "tiny/a.nii")
    try folder.write("none\n", to: "list.txt")
    _ = try SmallTraining.train("--steps 10 --output o", folder)
    let cases: [(line: String, status: Int, words: String)] = [
      ("train --data d", 64, "--output <folder> is missing"),
      ("train --output p", 64, "--data <source> is missing"),
      ("train --data nowhere --output p", 66, "nowhere: no such file or folder"),
      ("train --data empty --output p", 65, "empty: holds no volume"),
      ("train --data @list.txt --output p", 66, "./none: no such file or folder"),
      ("train --data tiny --output p", 65, "tiny/a.nii: 10 x 10 x 10 voxels"),
      ("train --data d --output o", 73, "o: holds a training; go on with it by --resume"),
      ("train --data d --output no/p", 73, "no/p: "),
      ("train --data d --output list.txt", 73, "list.txt: "),
      ("train --resume --output p", 66, "p/last.safetensors: "),
      ("train --resume --seed 3 --output o", 78, "was trained with another --seed"),
      (
        "train --resume --precision bfloat16 --output o", 78,
        "was trained with another --precision"
      ),
      ("train --data d --learning-rate 0 --output p", 64, "--learning-rate 0: must be"),
      ("train --data d --preset quick --output p", 64, "must be one of fast, paper"),
      ("train --data d --max-memory 1M --output p", 69, "--max-memory: the limit of 1.0 MiB"),
      ("train --data d --init none --output p", 66, "none"),
    ]
    for (line, status, words) in cases {
      let run = try Program.run(line, in: folder)
      #expect(run.status == status, "\(line)\n\(run)")
      #expect(run.errorLines.count == (status == 64 ? 2 : 1), "\(run)")
      #expect(run.errorLines.first?.hasPrefix("arssr: error: ") == true, "\(run)")
      #expect(run.errorLines.first?.contains(words) == true, "\(line)\n\(run)")
      #expect(!folder.exists("p"), "\(line)")
    }
  }

  @Test func twoRunsDoNotShareAFolder() throws {
    let folder = try SmallTraining.folder()
    let script = """
      "$ARSSR" \(SmallTraining.small) --steps 100000 --output o -q &
      run=$!
      while [ ! -e o/last.safetensors ]; do sleep 0.02; done
      "$ARSSR" \(SmallTraining.small) --steps 100000 --force --output o
      echo $?
      kill $run
      wait $run
      echo $?
      """
    let run = try Program.run([], in: folder, shell: script)
    #expect(run.output == "73\n143\n", "\(run)")
  }

  /// A rate at which the weights run away: the loss is not finite soon.
  @Test func aTrainingThatCannotGoOnSaysSo() throws {
    let folder = try SmallTraining.folder()
    let run = try SmallTraining.train(
      "--steps 2000 --learning-rate 1 --output o", folder, status: 1)
    #expect(run.error.contains("arssr: error: step "), "\(run)")
    #expect(run.error.contains("lower --learning-rate"), "\(run)")
  }
}
