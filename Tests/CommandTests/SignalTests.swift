import Foundation
import Testing

/// Signals end a run soon, with the right status, and nothing stays behind.
@Suite struct SignalTests {
  /// Starts a run of many seconds, does something to it once its temporary file is there, and prints
  /// its status.
  private func script(_ action: String, options: String = "--scale 6") -> String {
    """
    "$ARSSR" upsample --isa generic --threads 1 \(options) in.nii o.nii &
    run=$!
    while [ ! -e .o.nii.arssr-tmp ]; do sleep 0.02; done
    sleep 0.2
    \(action)
    wait $run
    echo $?
    """
  }

  private func bigVolume() throws -> Scratch {
    var volume = SampleVolume()
    volume.size = [40, 40, 40]
    return try Scratch.withVolume(volume)
  }

  @Test(arguments: [("TERM", 143), ("HUP", 129)])
  func endingSignalsLeaveNothing(_ name: String, _ status: Int) throws {
    let folder = try bigVolume()
    let start = ContinuousClock.now
    let run = try Program.run([], in: folder, shell: script("kill -\(name) $run"))
    #expect(run.output == "\(status)\n", "\(run)")
    #expect(start.duration(to: .now) < .seconds(5))
    #expect(folder.names == ["in.nii"])
  }

  /// Most of such a run is back-projection, whose rounds end without an error.
  @Test func anUnfinishedBackProjectionIsNoResult() throws {
    let folder = try bigVolume()
    let script = script(
      "sleep 0.4; kill -TERM $run", options: "--method linear --consistent --scale 8")
    let run = try Program.run([], in: folder, shell: script)
    #expect(run.output == "143\n", "\(run)")
    #expect(folder.names == ["in.nii"])
  }

  @Test func interruptEndsARunToo() throws {
    let folder = try bigVolume()
    // A shell hands down an ignored SIGINT to what it starts in the background; env resets it.
    let script = script("kill -INT $run").replacingOccurrences(
      of: "\"$ARSSR\" upsample", with: "env --default-signal=INT \"$ARSSR\" upsample")
    let run = try Program.run([], in: folder, shell: script)
    #expect(run.output == "130\n", "\(run)")
    #expect(folder.names == ["in.nii"])
  }

  @Test func anIgnoredHangUpStaysIgnored() throws {
    let folder = try Scratch.withVolume()
    let script = """
      trap '' HUP
      "$ARSSR" upsample --isa generic --threads 1 --scale 3 in.nii o.nii &
      run=$!
      while [ ! -e .o.nii.arssr-tmp ]; do sleep 0.02; done
      kill -HUP $run
      wait $run
      echo $?
      """
    let run = try Program.run([], in: folder, shell: script)
    #expect(run.output == "0\n", "\(run)")
    #expect(folder.exists("o.nii"))
  }

  @Test func theStatusSignalPrintsALineAndTheRunGoesOn() throws {
    let folder = try bigVolume()
    let run = try Program.run(
      [], in: folder,
      shell: script("kill -USR1 $run; sleep 0.3; kill -USR1 $run; sleep 0.3; kill -TERM $run"))
    let lines = run.errorLines.filter {
      $0.range(of: "^arssr: in.nii: (en|de)code [0-9]+ %, [0-9.]+ s$", options: .regularExpression)
        != nil
    }
    #expect(lines.count >= 2, "\(run)")
    // Whenever it is asked, the line about the beginning comes before any about the middle.
    let first = run.errorLines.first { !$0.contains("warning: ") }
    #expect(first?.contains(" -> 240 x 240 x 240, brain-t1w, ") == true, "\(run)")
    #expect(run.output == "143\n")
  }

  @Test func aProgramIsToldOfStatusAndEndInEvents() throws {
    let folder = try bigVolume()
    let run = try Program.run(
      [], in: folder,
      shell: script(
        "kill -USR1 $run; sleep 0.3; kill -TERM $run", options: "--scale 6 --progress json"))
    #expect(run.output == "143\n", "\(run)")
    #expect(!run.errorLines.contains { $0.hasPrefix("arssr: ") }, "\(run)")
    // Some shells tell that a program was ended.
    let lines = run.errorLines.filter { $0.hasPrefix("{") }
    let events = try lines.map { try JSONText.object(Data($0.utf8)) }
    let schema = try JSONSchema("arssr.progress/1")
    #expect(events.allSatisfy { schema.violations($0) == [] }, "\(run)")
    let end = try #require(events.last)
    #expect(end["event"] as? String == "end", "\(run)")
    #expect(end["exit"] as? Int == 143, "\(run)")
  }

  @Test func aFolderSaysWhatIsDoneWhenItIsEnded() throws {
    let folder = try Scratch()
    var volume = SampleVolume()
    volume.size = [6, 6, 6]
    try folder.write(volume.data, to: "scans/a.nii")
    volume.size = [40, 40, 40]
    for name in ["b", "c"] { try folder.write(volume.data, to: "scans/\(name).nii") }
    let script = """
      "$ARSSR" upsample -m brain-t1w-lite --isa generic --threads 1 --scale 6 scans sr &
      run=$!
      while [ ! -e sr/.b_sr.nii.arssr-tmp ]; do sleep 0.02; done
      sleep 0.2
      kill -TERM $run
      wait $run
      echo $?
      """
    let run = try Program.run([], in: folder, shell: script)
    #expect(run.output == "143\n", "\(run)")
    let summary = "arssr: 1 done, 1 broken off, 1 not begun of 3 in "
    #expect(run.errorLines.contains { $0.hasPrefix(summary) }, "\(run)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path("sr")).sorted()
        == ["a_sr.json", "a_sr.nii"])
  }

  @Test func aSecondRunWithTheSameOutputIsRefused() throws {
    let folder = try bigVolume()
    let run = try Program.run(
      [], in: folder,
      shell: script("\"$ARSSR\" upsample --method linear in.nii o.nii; echo $?; kill $run"))
    #expect(run.output == "73\n143\n", "\(run)")
    #expect(run.error.contains("another run is writing this file"))
  }
}
