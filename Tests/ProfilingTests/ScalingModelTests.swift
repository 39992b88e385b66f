import Testing

@testable import FusedInference
@testable import Profiling

@Suite struct ScalingModelTests {
  private static let machine = ScalingModel.Machine(
    coreShare: 1, bytesPerCore: 10e9, secondsPerCall: 1e-6)

  private func model(seconds: Double, bytes: Int) -> ScalingModel {
    ScalingModel(
      steps: [
        StepRecord(
          stage: .encode, name: "layer", calls: 20, seconds: 2 * seconds,
          cost: StepCost(operations: 1, bytes: 2 * bytes))
      ], runs: 2, machine: Self.machine)
  }

  private func schedule(_ parallelism: Double, calls: Int = 10) -> [StepSchedule] {
    [StepSchedule(stage: .encode, name: "layer", calls: calls, parallelism: parallelism)]
  }

  @Test func oneCoreTakesWhatWasMeasured() {
    let prediction = model(seconds: 3, bytes: 1 << 20).predict(
      .encode, cores: 1, schedule: schedule(1))
    #expect(prediction.seconds == 3)
    #expect(prediction.ideal == 3 && prediction.items == 0 && prediction.calls == 0)
  }

  @Test func lossesAddUpToTheTime() {
    // Of 8 cores 4 have an item: 1 s for 4, ideally 0.5; 10 calls of 4 us.
    let items = model(seconds: 4, bytes: 0).predict(.encode, cores: 8, schedule: schedule(4))
    #expect(items.ideal == 0.5 && items.items == 0.5 && items.memory == 0)
    #expect(abs(items.calls - 40e-6) < 1e-12)
    #expect(items.seconds == items.ideal + items.items + items.calls)
    // 30 GB at 10 GB/s are 3 s; shared by 8 cores the work is 0.5 s.
    let memory = model(seconds: 4, bytes: 30_000_000_000).predict(
      .encode, cores: 8, schedule: schedule(8), memory: 10e9)
    #expect(memory.ideal == 0.5 && abs(memory.memory - 2.5) < 1e-9)
    // Memory that grows with the cores: 80 GB/s.
    let grown = model(seconds: 4, bytes: 30_000_000_000).predict(
      .encode, cores: 8, schedule: schedule(8))
    #expect(grown.memory == 0)
  }

  @Test func coresThatShareAClockAreSlower() {
    var machine = Self.machine
    machine.coreShare = 0.8
    let step = StepRecord(
      stage: .decode, name: "rows", calls: 1, seconds: 8, cost: StepCost(operations: 1))
    let model = ScalingModel(steps: [step], runs: 1, machine: machine)
    let schedule = [StepSchedule(stage: .decode, name: "rows", calls: 0, parallelism: 2)]
    #expect(model.predict(.decode, cores: 2, schedule: schedule).seconds == 5)
    #expect(model.predict(.decode, cores: 1, schedule: schedule).seconds == 4)
    #expect(model.predict(.encode, cores: 2, schedule: schedule).seconds == 0)
  }
}
