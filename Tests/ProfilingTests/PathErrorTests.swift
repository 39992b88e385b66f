import Profiling
import Testing

@Suite("Error of a fast path")
struct PathErrorTests {
  /// Range 4; differences 0, 0.5, 0, 1: largest 1/4, rms sqrt(1.25/4)/4.
  @Test func errorsAreSharesOfTheDirectRange() {
    let error = PathError(result: [0, 2.5, 4, 3], direct: [0, 2, 4, 2], budget: 2e-4)
    #expect(error.largest == 0.25)
    #expect(abs(error.rms - (1.25 / 4).squareRoot() / 4) < 1e-15)
    #expect(!error.isWithinBudget)
  }

  @Test func theSameValuesHaveNoError() {
    let error = PathError(result: [1, 2, 3], direct: [1, 2, 3], budget: 2e-4)
    #expect(error.largest == 0)
    #expect(error.rms == 0)
    #expect(error.isWithinBudget)
    #expect(PathError(result: [5, 5], direct: [5, 5], budget: 2e-4).isWithinBudget)
  }

  @Test func theBudgetIsTheLimit() {
    let budget: Float = 2e-4
    #expect(PathError(result: [0, 1 + 0.9 * budget], direct: [0, 1], budget: 2e-4).isWithinBudget)
    #expect(
      !PathError(result: [0, 1 + 1.1 * budget], direct: [0, 1], budget: 2e-4).isWithinBudget)
    #expect(PathError(result: [0, 1.25], direct: [0, 1], budget: 0.25).isWithinBudget)
    #expect(!PathError(result: [0, 1.25], direct: [0, 1], budget: 0.2).isWithinBudget)
  }

  @Test func whatIsNoNumberOrDiffersFromAConstantIsNeverWithinTheBudget() {
    #expect(!PathError(result: [.nan, 1], direct: [0, 1], budget: 2e-4).isWithinBudget)
    #expect(!PathError(result: [1, 1], direct: [0, .nan], budget: 2e-4).isWithinBudget)
    #expect(!PathError(result: [.infinity, 1], direct: [0, 1], budget: 2e-4).isWithinBudget)
    #expect(!PathError(result: [1, 1.0001], direct: [1, 1], budget: 2e-4).isWithinBudget)
  }
}
