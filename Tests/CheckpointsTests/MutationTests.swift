import Foundation
import RandomNumbers
import TestSupport
import Testing

@testable import Checkpoints

/// Random changes of all files that are there, sound and malformed: a result or a typed error.
///
/// `ARSSR_MUTATION_SECONDS` runs it for longer, with another seed each time.
@Suite("Mutated checkpoints")
struct MutationTests {
  private static let seconds = ProcessInfo.processInfo.environment["ARSSR_MUTATION_SECONDS"]
    .flatMap(Double.init)

  private static func contents(of folder: URL) -> [[UInt8]] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().compactMap { name in
      try? [UInt8](Data(contentsOf: folder.appendingPathComponent(name)))
    }.filter { $0.count < 20_000 }
  }

  private static let files =
    contents(of: Golden.folder("checkpoint-formats"))
    + ["safetensors", "torch", "json"].flatMap {
      contents(of: Faults.folder.appendingPathComponent($0))
    }

  private static let foreign =
    contents(of: Golden.folder("sisr/caffemodel")) + contents(of: Golden.folder("espcn/npz"))

  /// The pickles inside the zip files, which a CRC protects there.
  private static let pickles: [[UInt8]] = files.compactMap { file in
    file.withUnsafeBytes { raw in
      guard let directory = try? ZipDirectory(raw),
        let entry = directory.entries.first(where: { $0.name.hasSuffix("/data.pkl") })
      else { return nil }
      return Array(raw[entry.contents])
    }
  }

  @Test func filesAreSurvived() {
    run(seeds: Self.files, iterations: 30_000) { raw in
      _ = try? Checkpoint.load(raw, path: "a.safetensors")
      _ = try? Checkpoint.load(raw, path: "a")
    }
  }

  @Test func modelsOfOtherFrameworksAreSurvived() {
    run(seeds: Self.foreign, iterations: 30_000) { raw in
      _ = try? Checkpoint.load(raw, path: "a.caffemodel")
      _ = try? Checkpoint.load(raw, path: "a")
    }
  }

  @Test func picklesAreSurvived() {
    run(seeds: Self.pickles, iterations: 30_000) { raw in
      for fields in [5, 6] {
        var machine = PickleMachine(raw, persistentIDs: .storages(fields: fields))
        guard let object = try? machine.run(),
          let stateDict = try? StateDict(object, in: machine.heap)
        else { continue }
        for (name, tensor) in stateDict.tensors { _ = try? tensor.checkedCount(name) }
      }
    }
  }

  @Test func jsonIsSurvived() {
    let seeds = Self.contents(of: Faults.folder.appendingPathComponent("json"))
    run(seeds: seeds, iterations: 30_000) { raw in _ = try? StrictJSON.parse(raw) }
  }

  private func run(
    seeds: [[UInt8]], iterations: Int, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    var generator = Mutator(seed: Self.seconds == nil ? 1 : UInt64.random(in: 0 ... .max))
    let end = Self.seconds.map { Date().addingTimeInterval($0) }
    var iteration = 0
    while end.map({ Date() < $0 }) ?? (iteration < iterations) {
      generator.mutant(of: seeds).withUnsafeBytes(body)
      iteration += 1
    }
  }
}

/// Changes of bytes, the same for a seed.
private struct Mutator: RandomNumberGenerator {
  private var numbers: SplitMix64

  init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

  mutating func next() -> UInt64 { numbers.next() }

  /// A seed with one to eight changes.
  mutating func mutant(of seeds: [[UInt8]]) -> [UInt8] {
    var bytes = seeds.randomElement(using: &self) ?? []
    for _ in 0..<Int.random(in: 1...8, using: &self) { change(&bytes, seeds) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8], _ seeds: [[UInt8]]) {
    guard !bytes.isEmpty else { return }
    let place = Int.random(in: 0..<bytes.count, using: &self)
    let length = min(Int.random(in: 1...16, using: &self), bytes.count - place)
    switch Int.random(in: 0..<7, using: &self) {
    case 0: bytes[place] = UInt8.random(in: 0 ... .max, using: &self)
    case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
    case 2: bytes.removeSubrange(place..<(place + length))
    case 3: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
    case 4: for index in place..<(place + length) { bytes[index] = 0xFF }
    case 5: bytes.insert(UInt8.random(in: 0 ... .max, using: &self), at: place)
    default:
      let other = seeds.randomElement(using: &self) ?? []
      guard !other.isEmpty else { return }
      let start = Int.random(in: 0..<other.count, using: &self)
      bytes.insert(contentsOf: other[start...].prefix(64), at: place)
    }
  }
}
