import CNifti
import Foundation
import Testing
import Volumes

@Suite struct QuaternionFormTests {
  @Test func matrixOfAQuaternionAgreesWithLibnifti() {
    for affine in representable {
      let form = QuaternionForm(affine)
      let theirs = Affine(
        nifti_quatern_to_dmat44(
          form.b, form.c, form.d, form.offset.x, form.offset.y, form.offset.z, form.spacing.x,
          form.spacing.y, form.spacing.z, form.qfac))
      #expect(form.affine.distance(to: theirs) <= 1e-6, "\(affine)")
    }
  }

  @Test func quaternionOfAMatrixAgreesWithLibnifti() {
    for affine in representable {
      var (b, c, d, qfac) = (0.0, 0.0, 0.0, 0.0)
      var (x, y, z, dx, dy, dz) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
      nifti_dmat44_to_quatern(
        nifti_dmat44(affine), &b, &c, &d, &x, &y, &z, &dx, &dy, &dz, &qfac)
      let own = QuaternionForm(affine)
      #expect(own.qfac == qfac)
      #expect(own.affine.distance(to: affine) <= 1e-9)
      #expect(own.offset == SIMD3(x, y, z))
      #expect(own.spacing.distance(to: SIMD3(dx, dy, dz)) <= 1e-12)
      let (ours, theirs) = (SIMD3(own.b, own.c, own.d), SIMD3(b, c, d))
      // The library zeroes a below 1e-10, and q and -q are one rotation there.
      #expect(
        min(ours.distance(to: theirs), ours.distance(to: -theirs)) <= 1e-9,
        "\(own) against \(theirs)")
    }
  }

  @Test func aQuaternionOfFloat32HalfTurnHasNoRealPart() {
    // As a scanner writes a half turn about an axis between j and k.
    let c = Double(Float(0.7071068))
    let form = QuaternionForm(
      b: 0, c: c, d: c, qfac: 1, offset: .zero, spacing: SIMD3(repeating: 1))
    let expected = Affine(i: SIMD3(-1, 0, 0), j: SIMD3(0, 0, 1), k: SIMD3(0, 1, 0))
    #expect(form.affine.distance(to: expected) <= 1e-12)
  }

  @Test func orientationLettersAgreeWithLibnifti() {
    for affine in representable {
      var (i, j, k): (Int32, Int32, Int32) = (0, 0, 0)
      nifti_dmat44_to_orientation(nifti_dmat44(affine), &i, &j, &k)
      let letters = [i, j, k].map { ["?", "R", "L", "A", "P", "S", "I"][Int($0)] }.joined()
      #expect(affine.orientation == letters, "\(affine)")
    }
  }

  private var representable: [Affine] {
    RandomGrids.affines().filter { $0.shear <= 1e-6 }
  }
}

extension Affine {
  init(_ matrix: nifti_dmat44) {
    let m = matrix.m
    self.init(
      rows: SIMD4(m.0.0, m.0.1, m.0.2, m.0.3), SIMD4(m.1.0, m.1.1, m.1.2, m.1.3),
      SIMD4(m.2.0, m.2.1, m.2.2, m.2.3))
  }
}

extension nifti_dmat44 {
  init(_ affine: Affine) {
    let (x, y, z) = affine.rows
    self.init()
    m.0 = (x.x, x.y, x.z, x.w)
    m.1 = (y.x, y.y, y.z, y.w)
    m.2 = (z.x, z.y, z.z, z.w)
    m.3 = (0, 0, 0, 1)
  }
}
