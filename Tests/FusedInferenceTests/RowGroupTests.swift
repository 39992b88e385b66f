import Testing

@testable import FusedInference

struct RowGroupTests {
  @Test func everyRowOfEveryPlaneIsInExactlyOneGroup() {
    for runs in [[0..<1], [2..<4, 4..<6, 6..<7], [0..<3, 3..<40]] {
      for planes in [[0..<1], [5..<7, 7..<9], [3..<24]] {
        for workers in [1, 2, 64] {
          let groups = RowGroup.groups(rows: runs, planes: planes, mostRows: 16, workers: workers)
          let places = groups.flatMap(\.places).map { [$0.k, $0.j] }
          let expected = planes.joined().flatMap { k in runs.joined().map { [k, $0] } }
          #expect(places.sorted { $0.lexicographicallyPrecedes($1) } == expected)
          #expect(groups.allSatisfy { $0.count <= 16 })
          #expect(groups.allSatisfy { group in runs.contains { $0.contains(group.rows) } })
        }
      }
    }
  }

  @Test func workersGetSeveralGroupsEachWhereThereAreEnoughRows() {
    for workers in [1, 2, 7, 64] {
      let runs = (0..<64).map { 2 * $0..<2 * $0 + 2 }
      let groups = RowGroup.groups(rows: runs, planes: [8..<10], mostRows: 16, workers: workers)
      #expect(groups.count >= min(4 * workers, 256))
    }
    let wide = RowGroup.groups(rows: [0..<256], planes: [0..<4], mostRows: 16, workers: 8)
    #expect(wide.count == 64)
  }
}
