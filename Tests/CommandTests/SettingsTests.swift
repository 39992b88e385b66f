import Foundation
import TestSupport
import Testing

/// Options, environment and settings files, and which of them counts.
@Suite struct SettingsTests {
  private func setting(
    _ key: String, _ folder: Scratch, _ environment: [String: String] = [:]
  ) throws
    -> (value: String, origin: String)
  {
    let run = try Program.run(
      ["info", "--config-only", "--format", "json"], in: folder, environment: environment)
    let settings = try JSONText.object(run.outputBytes)["settings"] as? [[String: String]]
    let entry = try #require(settings?.first { $0["key"] == key }, "\(run)")
    return (entry["value"] ?? "", entry["origin"] ?? "")
  }

  @Test func everyBrokenSettingsFileIsRefusedWithItsFault() throws {
    let manifest = try JSONText.object(
      Data(contentsOf: Faults.folder.appendingPathComponent("manifest.json")))
    let cases = try #require(manifest["cases"] as? [[String: Any]])
    let folder = try Scratch()
    var count = 0
    for fault in cases where fault["as"] as? String == "config" {
      let file = try #require(fault["file"] as? String)
      let run = try Program.run(
        ["info", "--config-only", "--config", Faults.folder.appendingPathComponent(file).path],
        in: folder)
      #expect(run.status == fault["exit"] as? Int, "\(file): \(run)")
      #expect(run.errorLines.count == 1, "\(file): \(run)")
      for word in fault["message_contains"] as? [Any] ?? [] {
        let choice = word as? [String] ?? [word as? String ?? ""]
        #expect(
          choice.contains { run.error.lowercased().contains($0.lowercased()) }, "\(file): \(run)")
      }
      count += 1
    }
    #expect(count == 25)
  }

  @Test func wrongKeysAndValuesAreNamed() throws {
    for (json, message) in [
      ("{\"thraeds\": 2}", "unknown key \"thraeds\"; did you mean \"threads\"?"),
      ("{\"threads\": \"many\"}", "\"threads\" is \"many\": threads are a whole number"),
      ("{\"threads\": true}", "\"threads\" is a truth value: must be a value that --threads takes"),
      ("{\"threads\": 2.5}", "\"threads\" is \"2.5\""),
      ("{\"exact\": \"yes\"}", "\"exact\" is a string"),
      ("{\"model\": 3}", "\"model\" is a number"),
      ("{\"upsample\": {\"scale\": [1, 2]}}", "\"scale\" is \"1,2\": needs one value or three"),
      ("{\"upsample\": {\"force\": true}}", "unknown key \"force\""),
      ("{\"upsample\": 3}", "\"upsample\" is a number, must be an object"),
      ("{\"models\": {\"threads\": 1}}", "unknown key \"threads\""),
    ] {
      let folder = try Scratch()
      try folder.writeSettings(json)
      let run = try Program.run("info --config-only", in: folder)
      #expect(run.status == 78, "\(json): \(run)")
      #expect(run.error.contains("config.json: "))
      #expect(run.error.contains(message), "\(json): \(run)")
    }
  }

  @Test func theNearestOriginWins() throws {
    let folder = try Scratch()
    #expect(try setting("threads", folder).origin == "built in")
    try folder.writeSettings(
      "{\"threads\": 1, \"maxMemory\": \"3G\", \"upsample\": {\"maxMemory\": \"4G\"}}")
    let file = folder.path("config/arssr/config.json")
    #expect(try setting("threads", folder) == ("1", file))
    // An object named after the command comes before the other keys of its file.
    #expect(try setting("maxMemory", folder) == ("4G", file))
    #expect(
      try setting("maxMemory", folder, ["ARSSR_MAX_MEMORY": "50%"]) == ("50%", "ARSSR_MAX_MEMORY"))
    // A file that is named takes the place of the user's own.
    try folder.write("{\"threads\": \"all\"}", to: "other.json")
    let other = folder.path("other.json")
    #expect(try setting("threads", folder, ["ARSSR_CONFIG": other]) == ("all", other))
    #expect(try setting("maxMemory", folder, ["ARSSR_CONFIG": other]).origin == "built in")
  }

  @Test func settingsHoldForRunsAndShowInTheSidecar() throws {
    let folder = try Scratch.withVolume()
    try folder.writeSettings(
      "{\"upsample\": {\"method\": \"nearest\", \"scale\": [2, 1, 1.5], \"datatype\": \"int16\"}}")
    let run = try Program.run("upsample in.nii o.nii", in: folder)
    #expect(run.status == 0, "\(run)")
    let details = try #require(try folder.json("o.json")["Arssr"] as? [String: Any])
    #expect(details["Size"] as? [Int] == [24, 10, 12])
    #expect(details["DataType"] as? String == "int16")
    #expect(
      details["Options"] as? [String: String]
        == ["method": "nearest", "scale": "2,1,1.5", "datatype": "int16"])
    // A target on the command line puts that of the file aside.
    let other = try Program.run("upsample --size 12,10,16 in.nii p.nii", in: folder)
    #expect(other.status == 0, "\(other)")
    let size = (try folder.json("p.json")["Arssr"] as? [String: Any])?["Size"] as? [Int]
    #expect(size == [12, 10, 16])
  }

  @Test func whatIsTypedPutsAsideWhatFilesSayAgainstIt() throws {
    let folder = try Scratch.withVolume()
    func made(_ options: String) throws -> (isExact: Bool?, options: [String: String]) {
      try Program.run(
        "upsample -q --force -m interim \(options) in.nii o.nii", in: folder, endsWith: 0)
      let details = try #require(try folder.json("o.json")["Arssr"] as? [String: Any])
      let path = try #require(details["Path"] as? [String: Any])
      return (path["Exact"] as? Bool, try #require(details["Options"] as? [String: String]))
    }
    try folder.writeSettings("{\"precision\": \"bfloat16\", \"background\": \"keep\"}")
    let exact = try made("--exact")
    #expect(exact.isExact == true)
    #expect(exact.options == ["model": "interim", "scale": "2"])
    try folder.writeSettings("{\"exact\": true}")
    let fast = try made("--precision bfloat16")
    #expect(fast.isExact == false)
    #expect(fast.options["precision"] == "bfloat16")
    // Two settings that exclude each other are refused as such.
    try folder.writeSettings("{\"exact\": true, \"precision\": \"bfloat16\"}")
    let both = try Program.run("upsample in.nii p.nii", in: folder)
    #expect(both.status == 64, "\(both)")
    #expect(both.error.contains("config.json: precision bfloat16: the exact path"), "\(both)")
  }

  @Test func wrongVariablesAreUsageErrors() throws {
    let folder = try Scratch.withVolume()
    for (name, value) in [
      ("ARSSR_THREADS", "many"), ("ARSSR_MAX_MEMORY", "x"), ("ARSSR_ISA", "avx"),
      ("ARSSR_PROGRESS", "loud"), ("ARSSR_LOG_LEVEL", "all"),
    ] {
      let run = try Program.run(
        ["upsample", "--method", "linear", "in.nii", "o.nii"], in: folder,
        environment: [name: value])
      #expect(run.status == 64, "\(run)")
      #expect(run.error.contains("arssr: error: \(name)=\(value): "))
    }
  }

  @Test func tooManyThreadsAreBlamedOnWhoAskedForThem() throws {
    let folder = try Scratch.withVolume()
    let words = ["upsample", "--method", "linear", "in.nii", "o.nii"]
    let variable = try Program.run(words, in: folder, environment: ["ARSSR_THREADS": "4096"])
    #expect(variable.error.hasPrefix("arssr: error: ARSSR_THREADS=4096: this process may use "))
    try folder.writeSettings("{\"threads\": 4096}")
    let file = try Program.run(words, in: folder)
    #expect(file.error.contains("config.json: threads 4096: this process may use "), "\(file)")
    #expect(file.status == 64)
  }

  @Test func otherProgramsThreadLimitsAreObeyed() throws {
    let folder = try Scratch.withVolume()
    for variables in [["OMP_NUM_THREADS": "1,2"], ["SLURM_CPUS_PER_TASK": "1"]] {
      let run = try Program.run(
        ["upsample", "--method", "linear", "--force", "in.nii", "o.nii"], in: folder,
        environment: variables)
      #expect(run.error.contains("linear, 1 thread, "), "\(run)")
    }
  }
}
