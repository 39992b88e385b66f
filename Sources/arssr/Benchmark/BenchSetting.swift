import KernelInterface
import SIMDKernels

/// One way to compute that is measured: what a sweep varies, and what it leaves.
struct BenchSetting: Sendable {
  var computing: ComputingRequest
  /// Query points per tile; nil: planned.
  var tile: Int?
  /// What tells it apart from the other settings of the sweep; nil without a sweep.
  var label: String?

  /// Tiles that a sweep tries: multiples of what register tiles hold, up to a few times what L2 holds.
  static let tiles = [12, 24, 48, 72, 96, 144, 192]

  /// All settings of a request.
  ///
  /// - Parameters:
  ///   - request: With or without a sweep.
  ///   - mostThreads: Threads of a run without a sweep.
  /// - Returns: At least one setting, in the order in which they are measured.
  static func all(_ request: BenchRequest, mostThreads: Int) -> [BenchSetting] {
    let base = BenchSetting(computing: request.computing)
    switch request.sweep {
    case nil: return [base]
    case .threads:
      return threadCounts(most: mostThreads).map { count in
        var setting = base
        setting.computing.threads = Setting(
          value: .exactly(count), text: "\(count)", origin: .commandLine)
        setting.label = "\(count)t"
        return setting
      }
    case .isa:
      return InstructionSet.available.map { set in
        var setting = base
        setting.computing.instructionSet = .named(set)
        setting.label = set.rawValue
        return setting
      }
    case .tile:
      return tiles.map { BenchSetting(computing: request.computing, tile: $0, label: "tile \($0)") }
    }
  }

  /// Powers of two, and the most.
  static func threadCounts(most: Int) -> [Int] {
    var counts: [Int] = []
    var count = 1
    while count < most {
      counts.append(count)
      count *= 2
    }
    return counts + [most]
  }
}
