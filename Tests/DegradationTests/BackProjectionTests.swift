import Testing
import Volumes
import Workers

@testable import Degradation

@Suite struct BackProjectionTests {
  private let truth: Volume

  init() throws { truth = try DegradeGolden.volume("crop_hr.npy") }

  /// The truth measured at width `width`, and the cubic interpolation of that on the truth's grid.
  private func setting(
    _ width: Double, _ pool: WorkerPool
  ) throws -> (measured: MeasuredVolume, sampling: Sampling, start: [Float]) {
    let coarse = try truth.grid.degraded(
      by: DegradationRequest(.cubic, .scale(SIMD3(2, 2, 2.5)))
    ).grid
    let measurement = try MeasurementModel(of: truth.grid, on: coarse, blur: .uniform(width))
    let values = try truth.voxels.withUnsafeBufferPointer {
      try measurement.values(of: #require($0.baseAddress), pool: pool)
    }
    let sampling = try coarse.target(.like(truth.grid)).sampling
    let start = Interpolator(
      voxels: values,
      sampling: PreparedSampling(sampling, inputSize: coarse.size, method: .cubic), pool: pool
    ).interpolated(pool: pool)
    return (MeasuredVolume(values, by: measurement), sampling, start)
  }

  private func run(
    _ projection: BackProjection, _ start: [Float], _ pool: WorkerPool
  ) throws -> (result: [Float], outcome: BackProjection.Outcome) {
    var result = start
    let outcome = try result.withUnsafeMutableBufferPointer {
      try projection.run($0, pool: pool)
    }
    return (result, outcome)
  }

  @Test(arguments: [1, 1.5]) func theResultComesToAgreeAndNearerToTheTruth(_ width: Double) throws {
    let pool = try WorkerPool(threads: 2)
    let (measured, sampling, start) = try setting(width, pool)
    let (result, outcome) = try run(BackProjection(measured, sampling: sampling), start, pool)
    #expect(outcome.rounds > 0 && outcome.rounds <= BackProjection.mostRounds)
    #expect(outcome.after.rootMeanSquare < outcome.before.rootMeanSquare)
    func error(_ values: [Float]) -> Double {
      zip(values, truth.voxels).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
    }
    #expect(error(result) < error(start))
    // What is reported is what the result has.
    let differences = try result.withUnsafeBufferPointer {
      try measured.differences(from: #require($0.baseAddress), pool: pool)
    }
    #expect(measured.agreement(differences) == outcome.after)
  }

  @Test func threadsChangeNoByte() throws {
    let results = try [1, 2, 3].map { threads -> [Float] in
      let pool = try WorkerPool(threads: threads)
      let (measured, sampling, start) = try setting(1, pool)
      return try run(BackProjection(measured, sampling: sampling), start, pool).result
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test func backgroundStaysAndLimitsHold() throws {
    let pool = try WorkerPool(threads: 1)
    let (measured, sampling, start) = try setting(1, pool)
    var marked = start
    for index in marked.indices where index % 3 == 0 { marked[index] = 0.25 }
    let clip = try #require(IntensityRange(low: 0.02, high: 0.3))
    let result = try run(
      BackProjection(measured, sampling: sampling, background: 0.25, clip: clip), marked, pool
    ).result
    for index in result.indices {
      if index % 3 == 0 {
        #expect(result[index] == 0.25)
      } else {
        #expect(result[index] >= 0.02 && result[index] <= 0.3 || result[index] == start[index])
      }
    }
  }
}
