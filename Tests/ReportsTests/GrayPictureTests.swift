import CZlib
import Testing
import Volumes
import Workers

@testable import Reports

@Suite struct GrayPictureTests {
  /// Reads the levels back by the rules of the PNG specification.
  private func levels(_ file: [UInt8], width: Int, height: Int) throws -> [UInt8] {
    #expect(Array(file.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    var content: [UInt8] = []
    var names: [String] = []
    var place = 8
    while place < file.count {
      func number(_ start: Int) -> Int { file[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) } }
      let length = number(place)
      let chunk = Array(file[(place + 4)..<(place + 8 + length)])
      names.append(String(decoding: chunk.prefix(4), as: UTF8.self))
      #expect(Int(crc32(0, chunk, UInt32(chunk.count))) == number(place + 8 + length))
      if names.last == "IHDR" {
        #expect(number(place + 8) == width && number(place + 12) == height)
      }
      if names.last == "IDAT" { content = Array(chunk.dropFirst(4)) }
      place += 12 + length
    }
    #expect(names == ["IHDR", "IDAT", "IEND"])
    var filtered = [UInt8](repeating: 0, count: (width + 1) * height)
    var count = UInt(filtered.count)
    #expect(uncompress(&filtered, &count, content, UInt(content.count)) == Z_OK)
    #expect(Int(count) == filtered.count)
    var result = [UInt8](repeating: 0, count: width * height)
    for row in 0..<height {
      let filter = filtered[row * (width + 1)]
      for column in 0..<width {
        let index = row * width + column
        let left = column > 0 ? Int(result[index - 1]) : 0
        let up = row > 0 ? Int(result[index - width]) : 0
        let corner = column > 0 && row > 0 ? Int(result[index - width - 1]) : 0
        let estimate = left + up - corner
        let paeth = [left, up, corner].min { abs(estimate - $0) < abs(estimate - $1) } ?? 0
        let added = [0: 0, 1: left, 2: up, 4: paeth][filter]
        result[index] =
          filtered[row * (width + 1) + 1 + column] &+ UInt8(try #require(added))
      }
    }
    return result
  }

  @Test(arguments: [(1, 1), (1, 7), (9, 1), (37, 23)])
  func picturesAreReadBackAsTheyWere(_ width: Int, _ height: Int) throws {
    let formulas: [(Int, Int) -> Int] = [
      { _, _ in 0 }, { column, _ in column * 3 }, { _, row in 255 - row },
      { column, row in column * row + row * row },
      { column, row in (column * 7919 + row * 104729) >> 3 },
    ]
    for formula in formulas {
      var picture: [UInt8] = []
      for row in 0..<height {
        for column in 0..<width { picture.append(UInt8(truncatingIfNeeded: formula(column, row))) }
      }
      let file = GrayPicture(width: width, height: height, levels: picture).encoded()
      #expect(try levels(file, width: width, height: height) == picture)
    }
  }

  @Test func base64IsThatOfTheStandard() {
    // RFC 4648, section 10.
    for (text, expected) in [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ] {
      #expect(Base64.text(Array(text.utf8)) == expected)
    }
  }

  @Test func levelsEndAtBlackAndWhite() {
    let window = GrayWindow.range(low: 10, high: 20)
    #expect([9, 10, 15, 20, 21].map { window.level($0) } == [0, 0, 128, 255, 255])
    let signed = GrayWindow.signed(limit: 2)
    #expect([-3, -2, 0, 1, 2].map { signed.level($0) } == [0, 1, 128, 192, 255])
    #expect(GrayWindow.range(low: 1, high: 1).level(.nan) == 0)
  }
}

@Suite struct SliceAlbumTests {
  @Test func picturesKeepWithinTheirBytesAndHoldTheMiddle() throws {
    let size = SIMD3(40, 36, 32)
    let grid = Grid(size: size, affine: .identity)
    // Numbers without structure, which nothing makes smaller.
    var state: UInt32 = 1
    let voxels = (0..<grid.voxelCount).map { _ -> Float in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 24)
    }
    let volume = Volume(grid: grid, voxels: voxels)
    let pool = try WorkerPool(threads: 2)
    let window = GrayWindow.range(low: 0, high: 255)
    for bytes in [40_000, 200_000, 10_000_000] {
      // The first layer is smooth, so that the choice it makes is too large for the others.
      let smooth = Volume(
        grid: grid, voxels: (0..<grid.voxelCount).map { Float(($0 + $0 / 40) % 40) })
      var album = SliceAlbum(first: smooth, window: window, layers: 2, bytes: bytes, pool: pool)
      album.add(volume.voxels, window: window, pool: pool)
      album.fit(bytes: bytes)
      var taken = 0
      for plane in album.planes {
        #expect(plane.numbers == plane.numbers.sorted() && !plane.numbers.isEmpty)
        for slice in plane.numbers.indices {
          for layer in 0..<2 { taken += plane.text(layer: layer, slice: slice).utf8.count }
        }
      }
      #expect(taken <= bytes)
      if bytes == 10_000_000 { #expect(album.planes.map(\.numbers.count) == [32, 36, 40]) }
    }
  }
}

@Suite struct PlaneStepsTests {
  @Test func aSeamStandsOutAndAWaveDoesNot() throws {
    let size = SIMD3(30, 8, 8)
    let pool = try WorkerPool(threads: 1)
    func steps(seam: Float) -> PlaneSteps {
      var voxels: [Float] = []
      for _ in 0..<64 { for i in 0..<30 { voxels.append(Float(i) + (i >= 17 ? seam : 0)) } }
      return PlaneSteps(voxels, size: size, axis: 0, pool: pool)
    }
    let smooth = try #require(steps(seam: 0).largest)
    #expect(abs(smooth.ratio - 1) < 1e-6)
    let seam = try #require(steps(seam: 2).largest)
    #expect(seam.plane == 16 && abs(seam.ratio - 3) < 1e-6)
  }
}

@Suite struct ReportPageTests {
  @Test func dataCannotLeaveItsElement() {
    let page = String(
      decoding: ReportPage.document(
        title: "<b>&", data: "{\"title\":\"</script><script>alert(1)</script>\"}"), as: UTF8.self)
    #expect(!page.contains("alert(1)</script>") && !page.contains("</script><script>alert"))
    #expect(page.contains("<title>&lt;b>&amp;</title>"))
    #expect(page.contains("\\u003c/script>\\u003cscript>alert(1)\\u003c/script>"))
    // Nothing refers to another place.
    #expect(!page.replacing("http://www.w3.org/2000/svg", with: "").contains("://"))
    #expect(!page.contains("{{"))
  }
}
