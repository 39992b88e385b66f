import Foundation
import Testing

/// `arssr train` with low-resolution volumes, loss and schedule that were asked for.
@Suite struct TrainDrawingTests {
  private static let asked =
    "--operators corner,psf:5 --blur 0.5..1 --one-axis 0.5 --per-axis 0.25 --noise 2% "
    + "--noise-kind rician --brightness 0.1 --gamma 0.2 --no-mirrors --loss l2 --schedule linear "
    + "--warm-up 1 --weight-decay 0.01"

  @Test func whatWasAskedIsInSettingsAndCardAndResumes() throws {
    let folder = try SmallTraining.folder()
    _ = try SmallTraining.train("\(Self.asked) --steps 20 --output a", folder)
    let settings = try #require(
      try folder.json("a/config.json")["train"] as? [String: Any])
    let words = [
      "operators": "corner:1,psf:5", "blur": "0.5..1", "noiseKind": "rician", "loss": "l2",
      "schedule": "linear",
    ]
    for (key, value) in words { #expect(settings[key] as? String == value, "\(key)") }
    let numbers = [
      "oneAxis": 0.5, "perAxis": 0.25, "noise": 0.02, "brightness": 0.1, "gamma": 0.2,
      "warmUp": 1, "weightDecay": 0.01,
    ]
    for (key, value) in numbers { #expect(settings[key] as? Double == value, "\(key)") }
    #expect(settings["mirrors"] as? Bool == false)
    let card = try folder.json("a/card.json")
    let degradation = try #require(card["arssr.degradation"] as? String)
    #expect(degradation.contains("corner, psf (Gaussian, FWHM 0.5 to 1 of"), "\(degradation)")
    // What is drawn a quarter as often, or less, is not validated with.
    let scores = String(decoding: try folder.read("a/validation.csv"), as: UTF8.self)
    #expect(scores.contains("psf") && !scores.contains("corner"), "\(scores)")

    _ = try SmallTraining.train("\(Self.asked) --steps 20 --time-limit 0.001 --output b", folder)
    let resumed = try Program.run("train --resume --output b", in: folder)
    #expect(resumed.status == 0, "\(resumed)")
    #expect(try folder.isSame("a/best.safetensors", "b/best.safetensors"))
    let again = try Program.run("train --config a/config.json --output c", in: folder)
    #expect(again.status == 0, "\(again)")
    #expect(try folder.isSame("a/best.safetensors", "c/best.safetensors"))
    #expect(try folder.isSame("a/config.json", "c/config.json"))
  }

  /// Each by itself makes another model than the preset.
  @Test(arguments: [
    "--operators exact,psf", "--blur 0..1", "--one-axis 0.9", "--per-axis 0.7", "--noise 0%",
    "--noise-kind rician", "--brightness 0", "--gamma 0.1", "--no-mirrors", "--loss l2",
    "--weights blended", "--schedule constant", "--warm-up 0", "--weight-decay 0.1",
  ])
  func everyOptionMatters(_ option: String) throws {
    let folder = try SmallTraining.folder()
    let small = "--steps 20 --threads 1 --output"
    _ = try SmallTraining.train("\(small) preset", folder)
    _ = try SmallTraining.train("\(option) \(small) other", folder)
    #expect(try !folder.isSame("preset/best.safetensors", "other/best.safetensors"))
    let name = option.split(separator: " ")[0].replacing("--no-", with: "--")
    let run = try Program.run("train --resume \(option) --output preset", in: folder)
    #expect(run.status == 78, "\(run)")
    #expect(run.error.contains("was trained with another \(name)"), "\(run)")
  }

  @Test func refusalsSayWhatIsWrong() throws {
    let folder = try SmallTraining.folder()
    let cases: [(options: String, words: String)] = [
      ("--operators block", "--operators block: must be names, each once, such as exact:3,psf"),
      ("--operators exact,exact", "must be names, each once"),
      ("--operators exact:0", "must be names, each once"),
      ("--operators exact --blur 0..1", "no operator blurs; add psf"),
      ("--blur 0..9", "--blur 0..9: must be a range from 0 to 4"),
      ("--noise 60%", "--noise 60%: must be a share from 0% to 50%"),
      ("--gamma 3", "--gamma 3: must be a number from 0 to 2"),
      ("--one-axis 0.6 --per-axis 0.6", "together they are more than 1"),
      ("--preset paper --noise 1%", "draws as published"),
      ("--preset paper --weights blended", "whose weights are the same for all"),
      ("--preset paper --no-mirrors", "draws as published"),
      ("--loss caffe", "--loss caffe: has a meaning only with --arch"),
      ("--weight-decay 2", "--weight-decay 2: must be a number from 0 to 1"),
      ("--arch espcn3d --noise 1%", "--arch, --noise: that option belongs to networks of"),
      ("--arch espcn3d --schedule linear", "--arch, --schedule: that option belongs to"),
    ]
    for (options, words) in cases {
      let run = try Program.run("train --data d \(options) --output p", in: folder)
      #expect(run.status == 64, "\(options)\n\(run)")
      #expect(run.errorLines.first?.contains(words) == true, "\(options)\n\(run)")
      #expect(!folder.exists("p"), "\(options)")
    }
  }
}
