import Foundation
import TestSupport
import Testing

/// What `make setup` says on a machine without a Swift that will do.
@Suite struct SetupTests {
  /// Runs the script with a swift that prints and ends as told, or with none.
  private func setup(swift: String?) throws -> Program.Run {
    let folder = try Scratch()
    if let swift {
      try folder.write("#!/bin/sh\n\(swift)\n", to: "bin/swift")
      chmod(folder.path("bin/swift"), 0o755)
    }
    let tools = swift == nil ? "" : ":/usr/bin:/bin"
    let script = Repository.folder.appendingPathComponent("Scripts/setup.sh").path
    return try Program.run(
      [script], in: folder, environment: ["PATH": folder.path("bin") + tools],
      shell: "exec /bin/bash \"$1\"")
  }

  @Test(
    arguments: [
      (nil, "Swift is missing"),
      (
        "echo 'swift: libncurses.so.6: cannot open shared object file' >&2; exit 127",
        "libncurses.so.6"
      ),
      ("echo 'Swift version 5.10.1 (swift-5.10.1-RELEASE)'", "Swift 5.10 is too old"),
      ("echo 'Swift version 6.1 (swift-6.1-RELEASE)'", "Swift 6.1 is too old"),
    ] as [(String?, String)])
  func oneLineSaysWhatIsWrongAndWhereToGetSwift(_ swift: String?, _ words: String) throws {
    let run = try setup(swift: swift)
    #expect(run.status == 1, "\(run)")
    #expect(run.errorLines.count == 1 && run.output.isEmpty, "\(run)")
    #expect(run.error.hasPrefix("arssr setup: "))
    #expect(run.error.contains(words) && run.error.contains("https://www.swift.org/"), "\(run)")
  }
}
