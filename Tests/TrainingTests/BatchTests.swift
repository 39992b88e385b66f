import Testing
import Training

@Suite struct BatchTests {
  @Test func aGridHasEveryCombinationOfItsPositions() {
    let points = QueryPoints.grid(i: [0, 0.5], j: [1], k: [0, 1, 2])
    #expect(points.count == 6)
  }
}
