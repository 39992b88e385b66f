import Files
import KernelInterface
import Workers

/// What `info` tells of program and machine: part of `arssr.info/1`.
struct MachineInformation {
  private let topology = Topology.detect()
  private let memory = MemoryLimit.availableBytes()

  var text: String {
    let threads = topology.defaultThreads
    let caches = topology.caches
    let sets = BuildDescription.instructionSets.joined(separator: ", ")
    let build = BuildDescription.self
    var lines: [(String, String)] = []
    lines.append(("version", "arssr \(Arssr.version)"))
    lines.append(("build", "\(build.configuration), \(build.compiler), \(build.architecture)"))
    lines.append(("cpu", ProcessorName.text))
    lines.append(("instruction sets", "\(sets) (best: \(build.bestInstructionSet))"))
    lines.append(
      (
        "cores",
        "\(topology.physicalCores), \(topology.hardwareThreads) hardware threads; "
          + "\(counted(threads, "thread")) by default (\(topology.limitedBy))"
      ))
    lines.append(("NUMA nodes", "\(topology.nodes.count)"))
    let sizes = [caches.level1, caches.level2, caches.level3].enumerated().map { level, bytes in
      "L\(level + 1) \(bytes == 0 ? "?" : ByteSize.text(bytes))"
    }
    lines.append(("caches", sizes.joined(separator: ", ")))
    lines.append(
      ("memory", "\(ByteSize.text(memory.bytes)) available (\(memory.reason.rawValue))"))
    let folders = ModelLibrary.catalogue.folders.map(Escaping.path)
    lines.append(("models", folders.joined(separator: ", ")))
    return Columns.text(lines)
  }

  var members: [(key: String, value: JSON)] {
    let caches = topology.caches
    return [
      (
        "build",
        .object([
          ("configuration", .string(BuildDescription.configuration)),
          ("compiler", .string(BuildDescription.compiler)),
          ("architecture", .string(BuildDescription.architecture)),
        ])
      ),
      ("cpu", .string(ProcessorName.text)),
      ("instructionSets", .strings(BuildDescription.instructionSets)),
      ("bestInstructionSet", .string(BuildDescription.bestInstructionSet)),
      ("cores", .integer(topology.physicalCores)),
      ("hardwareThreads", .integer(topology.hardwareThreads)),
      ("defaultThreads", .integer(topology.defaultThreads)),
      ("limitedBy", .string(topology.limitedBy.description)),
      ("numaNodes", .integer(topology.nodes.count)),
      (
        "cacheBytes",
        .array([.integer(caches.level1), .integer(caches.level2), .integer(caches.level3)])
      ),
      ("memoryBytes", .integer(memory.bytes)), ("memoryLimitedBy", .string(memory.reason.rawValue)),
      ("modelFolders", .strings(ModelLibrary.catalogue.folders)),
    ]
  }
}
