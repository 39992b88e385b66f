import Files
import FusedInference
import KernelInterface
import TestSupport
import Testing
import Volumes

@testable import SuperResolution

@Suite struct SuperResolverTests {
  private static let models = Repository.folder.appendingPathComponent("Models").path

  /// A pattern of bumps, no two axes alike, with a background of zeros.
  private static func pattern(_ size: SIMD3<Int>) -> [Float] {
    (0..<(size.x * size.y * size.z)).map { index -> Float in
      let i = index % size.x
      let j = index / size.x % size.y
      let k = index / (size.x * size.y)
      return i < 2 ? 0 : Float((i * 7 + j * 3 + k * 5) % 11 * 10 + i * j)
    }
  }

  private static func volume(_ size: SIMD3<Int> = SIMD3(12, 10, 8)) -> Volume {
    Volume(
      grid: Grid(
        size: size,
        affine: Affine(diagonal: SIMD3(2, 2, 3), translation: SIMD3(-10, 4, 7))),
      voxels: pattern(size))
  }

  private static func resolver(_ computer: Computer) throws -> SuperResolver {
    try SuperResolver(Model(folders: [models]), on: computer)
  }

  @Test func resultsCoverTheSameFieldOfViewWhateverTheThreads() throws {
    let input = NIfTIVolume(Self.volume())
    let one = try Self.resolver(Computer(threads: 1)).upsample(input, to: .scale(2))
    #expect(one.grid.size == SIMD3(24, 20, 16))
    #expect(one.grid.affine.columnNorms == SIMD3(1, 1, 1.5))
    #expect(one.grid.fieldOfViewDistance(to: input.grid) < 1e-12)
    let best = try Self.resolver(Computer()).upsample(input, to: .scale(2))
    #expect(one.voxels == best.voxels)
  }

  @Test func filesGoRoundWithTheirHeader() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("fine.nii.gz")
    var input = NIfTIVolume(Self.volume())
    input.header.intent.name = Array("anything".utf8)
    let fine = try Self.resolver(Computer()).upsample(input, to: .isotropic)
    try fine.write(to: path)
    let read = try NIfTIVolume(path: path)
    #expect(read.voxels == fine.voxels)
    #expect(read.grid.size == SIMD3(12, 10, 12))
    #expect(read.header.intent.name == input.header.intent.name)
    #expect(throws: SuperResolutionError.self) { try fine.write(to: path) }
    try fine.write(to: path, force: true)
  }

  /// A linear function between voxel centres is what linear interpolation keeps.
  @Test func interpolationKeepsALinearRamp() throws {
    let size = SIMD3(9, 8, 7)
    let ramp = (0..<(9 * 8 * 7)).map { index -> Float in
      let (i, j, k) = (index % 9, index / 9 % 8, index / 72)
      return Float(i + 2 * j - k)
    }
    let volume = Volume(
      grid: Grid(size: size, affine: Affine(diagonal: SIMD3(repeating: 1))), voxels: ramp)
    let plan = try Computer.plan(volume.grid, to: .scale(2))
    var result = [Float](repeating: 0, count: plan.grid.voxelCount)
    let computer = try Computer()
    try result.withUnsafeMutableBufferPointer {
      try computer.interpolate(volume, by: .linear, plan: plan, into: $0)
    }
    // Output index o lies at (o + 1/2) / 2 - 1/2, inside of the outer centres for 1 ... N - 2.
    func place(_ index: Int) -> Float { (Float(index) + 0.5) / 2 - 0.5 }
    for k in 1..<13 {
      for j in 1..<15 {
        for i in 1..<17 {
          let expected: Float = place(i) + 2 * place(j) - place(k)
          let found = result[i + 18 * (j + 16 * k)]
          // Eight products of numbers of at most 24, each rounded.
          #expect(abs(found - expected) <= 8 * Float(24).ulp)
        }
      }
    }
  }

  @Test func scalesThatTheModelWasNotMadeForAreNoted() throws {
    let resolver = try Self.resolver(Computer(threads: 1))
    #expect(try resolver.plan(Self.volume().grid, to: .scale(2)).notices.isEmpty)
    let notices = try resolver.plan(Self.volume().grid, to: .scale(9)).notices
    #expect(notices.map(\.code) == ["usage.target"])
  }

  @Test func causesHaveTheCodesAndStatusesOfTheCommand() throws {
    func failure(_ work: () throws -> Void) -> SuperResolutionError? {
      do {
        try work()
        return nil
      } catch {
        return error as? SuperResolutionError
      }
    }
    let computer = try Computer(threads: 1)
    let resolver = try Self.resolver(computer)
    let cases: [(SuperResolutionError?, code: String, status: Files.ExitStatus)] = [
      (failure { _ = try Computer(threads: 0) }, "usage.value", .usage),
      (failure { _ = try Computer(threads: 1 << 20) }, "usage.value", .usage),
      (failure { _ = try Model(named: "no such model") }, "input.missing", .noInput),
      (
        failure { _ = try Model(named: #filePath) }, "model.format", .configuration
      ),
      (failure { _ = try NIfTIVolume(path: "/no/such/file.nii") }, "input.missing", .noInput),
      (failure { _ = try NIfTIVolume(path: #filePath) }, "volume.format", .data),
      (
        failure { _ = try resolver.plan(Self.volume().grid, to: .spacing(5)) }, "usage.target",
        .usage
      ),
      (
        failure {
          var voxels = Self.volume()
          voxels.voxels[5] = .nan
          _ = try resolver.upsample(NIfTIVolume(voxels), to: .scale(2))
        }, "volume.nonfinite", .data
      ),
      (
        failure {
          var voxels = Self.volume()
          voxels.voxels[5] = 3e38
          _ = try resolver.upsample(NIfTIVolume(voxels), to: .scale(2))
        }, "volume.nonfinite", .data
      ),
      (
        failure {
          let small = try Self.resolver(Computer(threads: 1, memoryLimit: 1000))
          _ = try small.upsample(NIfTIVolume(Self.volume()), to: .scale(2))
        }, "memory.budget", .unavailable
      ),
      (
        failure {
          _ = try computer.scores(of: Self.volume(), against: Self.volume(SIMD3(9, 9, 9)))
        }, "volume.overlap", .data
      ),
    ]
    for (error, code, status) in cases {
      #expect(error?.code == code)
      #expect(error?.status == status)
      #expect(error?.message.isEmpty == false)
    }
  }

  @Test func settingsChangeWhatTheySay() throws {
    let volume = Self.volume()
    let resolver = try Self.resolver(Computer())
    func result(_ settings: UpsampleSettings) throws -> [Float] {
      try resolver.upsample(NIfTIVolume(volume), to: .scale(2), settings: settings).voxels
    }
    let plain = try result(UpsampleSettings())
    let clipped = try result(UpsampleSettings(clip: .range(20, 60)))
    #expect(zip(plain, clipped).allSatisfy { min(max($0, 20), 60) == $1 })
    var mask = volume
    mask.voxels = volume.voxels.indices.map { $0 % 12 < 6 ? 1 : 0 }
    let masked = try result(UpsampleSettings(mask: mask))
    for index in masked.indices {
      #expect(masked[index] == (index % 24 < 12 ? plain[index] : 0))
    }
    mask.grid = Grid(size: mask.grid.size, affine: .identity)
    #expect(throws: SuperResolutionError.self) { _ = try result(UpsampleSettings(mask: mask)) }
  }

  /// Voxels of 2 x 2 x 3 mm: 3 mm is a voxel along k alone.
  @Test func masksMayNotBeMovedByMoreThanAVoxelOfTheirAxis() throws {
    let volume = Self.volume()
    let resolver = try Self.resolver(Computer())
    func run(_ size: SIMD3<Int>, _ spacing: SIMD3<Double>, _ origin: SIMD3<Double>) throws {
      let grid = Grid(size: size, affine: Affine(diagonal: spacing, translation: origin))
      let voxels = [Float](repeating: 1, count: size.x * size.y * size.z)
      let settings = UpsampleSettings(mask: Volume(grid: grid, voxels: voxels))
      _ = try resolver.upsample(NIfTIVolume(volume), to: .scale(2), settings: settings)
    }
    #expect(throws: SuperResolutionError.self) {
      try run(SIMD3(12, 10, 8), SIMD3(2, 2, 3), SIMD3(-7, 4, 7))
    }
    try run(SIMD3(12, 10, 8), SIMD3(2, 2, 3), SIMD3(-10, 4, 9.5))
    try run(SIMD3(6, 5, 4), SIMD3(4, 4, 6), SIMD3(-9, 5, 8.5))
  }

  @Test func aCancelledRunEnds() throws {
    let monitor = UpsampleMonitor()
    monitor.cancel()
    let resolver = try Self.resolver(Computer())
    #expect(throws: SuperResolutionError.self) {
      _ = try resolver.upsample(
        NIfTIVolume(Self.volume()), to: .scale(2), monitor: monitor)
    }
  }

  @Test func equalVolumesScoreAsEqual() throws {
    let scores = try Computer().scores(of: Self.volume(), against: Self.volume())
    #expect(scores.psnr == .infinity && scores.mae == 0 && scores.hfen == 0)
    #expect(abs(scores.ssim - 1) < 1e-12)
    #expect(scores.voxels == 960)
  }
}
