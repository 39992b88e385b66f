import Testing
import Training

@Suite struct ScheduleTests {
  @Test func thePublishedRateIsHalvedEvery200Epochs() {
    let schedule = TrainerSettings.paper(stepsPerEpoch: 7).schedule
    #expect(schedule.rate(step: 0, progress: 0) == 1e-4)
    #expect(schedule.rate(step: 1399, progress: 0.1) == 1e-4)
    #expect(schedule.rate(step: 1400, progress: 0.1) == 0.5e-4)
    #expect(schedule.rate(step: 2 * 1400, progress: 0.2) == 0.25e-4)
  }

  @Test func theFastRateRisesAndFallsAlongACosine() {
    let schedule = TrainerSettings.fast.schedule
    #expect(abs(schedule.rate(step: 0, progress: 0) - 1e-3 / 300) < 1e-18)
    #expect(schedule.rate(step: 299, progress: 0) == 1e-3)
    #expect(abs(schedule.rate(step: 5000, progress: 0.5) - 1e-3 * 0.505) < 1e-18)
    #expect(abs(schedule.rate(step: 9000, progress: 1) - 1e-5) < 1e-18)
    #expect(schedule.rate(step: 9000, progress: 2) == schedule.rate(step: 9000, progress: 1))
  }

  @Test func aLineFallsToItsFloor() {
    let schedule = RateSchedule(rate: 2, decay: .linear(floor: 0.5))
    #expect(schedule.rate(step: 0, progress: 0) == 2)
    #expect(schedule.rate(step: 0, progress: 0.5) == 1.5)
    #expect(schedule.rate(step: 0, progress: 1) == 1)
  }
}
