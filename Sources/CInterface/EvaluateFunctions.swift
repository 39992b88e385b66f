import CArssr
import SuperResolution
import Volumes

/// See `arssr.h`.
@_cdecl("arssr_evaluate")
public func evaluate(
  _ computer: OpaquePointer, _ result: UnsafePointer<Float>,
  _ resultGrid: UnsafePointer<arssr_grid>, _ truth: UnsafePointer<Float>,
  _ truthGrid: UnsafePointer<arssr_grid>, _ mask: UnsafePointer<UInt8>?, _ range: Double,
  _ scores: UnsafeMutablePointer<arssr_scores>, _ error: UnsafeMutablePointer<arssr_error>?
) -> Int32 {
  call(error) { () throws(SuperResolutionError) in
    guard range >= 0, range.isFinite else {
      throw .argument(
        name: "range", value: "\(range)", wanted: "above 0, or 0 for that of the truth")
    }
    let volume = try Volume(result, resultGrid.pointee, name: "result")
    let reference = try Volume(truth, truthGrid.pointee, name: "truth")
    let found = try computerHandle(computer).computer.scores(
      of: volume, against: reference,
      mask: mask.map { Array(UnsafeBufferPointer(start: $0, count: reference.voxels.count)) },
      range: range == 0 ? nil : range)
    scores.pointee = arssr_scores(
      psnr: found.psnr, ssim: found.ssim, mae: found.mae, rmse: found.rmse, nrmse: found.nrmse,
      hfen: found.hfen, range: found.range, voxels: Int64(found.voxels),
      nonfinite: Int64(found.nonFiniteCount))
  }
}
