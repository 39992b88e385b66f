import CArssr
import FusedInference
import SuperResolution
import Volumes

/// See `arssr.h`.
@_cdecl("arssr_plan")
public func planResult(
  _ resolver: OpaquePointer?, _ job: OpaquePointer, _ input: UnsafePointer<arssr_grid>,
  _ target: UnsafePointer<arssr_target>, _ output: UnsafeMutablePointer<arssr_grid>,
  _ error: UnsafeMutablePointer<arssr_error>?
) -> Int32 {
  call(error) { () throws(SuperResolutionError) in
    let grid = try Grid(input.pointee, name: "image")
    let wish = try TargetRequest.of(target.pointee)
    let plan =
      if let resolver {
        try resolverHandle(resolver).resolver.plan(grid, to: wish)
      } else {
        try Computer.plan(grid, to: wish ?? .standard)
      }
    jobHandle(job).warn(plan.notices)
    output.pointee = plan.grid.structure
  }
}

/// See `arssr.h`.
@_cdecl("arssr_upsample")
public func upsample(
  _ resolver: OpaquePointer, _ job: OpaquePointer, _ voxels: UnsafePointer<Float>,
  _ input: UnsafePointer<arssr_grid>, _ target: UnsafePointer<arssr_target>,
  _ settings: UnsafePointer<arssr_settings>, _ result: UnsafeMutablePointer<Float>,
  _ deviations: UnsafeMutablePointer<Float>?, _ error: UnsafeMutablePointer<arssr_error>?
) -> Int32 {
  call(error) { () throws(SuperResolutionError) in
    let resolver = resolverHandle(resolver).resolver
    let volume = try Volume(voxels, input.pointee, name: "image")
    let plan = try resolver.plan(volume.grid, to: try TargetRequest.of(target.pointee))
    let count = plan.grid.voxelCount
    let notices = try resolver.upsample(
      volume, by: plan, settings: try UpsampleSettings(settings.pointee),
      monitor: jobHandle(job).monitor,
      into: UnsafeMutableBufferPointer(start: result, count: count),
      deviations: deviations.map { UnsafeMutableBufferPointer(start: $0, count: count) })
    jobHandle(job).warn(notices)
  }
}

/// See `arssr.h`.
@_cdecl("arssr_interpolate")
public func interpolate(
  _ computer: OpaquePointer, _ job: OpaquePointer, _ method: UnsafePointer<CChar>,
  _ voxels: UnsafePointer<Float>, _ input: UnsafePointer<arssr_grid>,
  _ target: UnsafePointer<arssr_target>, _ settings: UnsafePointer<arssr_settings>,
  _ result: UnsafeMutablePointer<Float>, _ error: UnsafeMutablePointer<arssr_error>?
) -> Int32 {
  call(error) { () throws(SuperResolutionError) in
    let word = String(cString: method)
    guard let method = InterpolationMethod(rawValue: word) else {
      throw .argument(
        name: "method", value: word,
        wanted: "model, " + InterpolationMethod.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let chosen = try UpsampleSettings(settings.pointee)
    try settings.pointee.checkForInterpolation(by: method)
    let volume = try Volume(voxels, input.pointee, name: "image")
    let plan = try Computer.plan(
      volume.grid, to: try TargetRequest.of(target.pointee) ?? .standard)
    try computerHandle(computer).computer.interpolate(
      volume, by: method, plan: plan, settings: chosen,
      monitor: jobHandle(job).monitor,
      into: UnsafeMutableBufferPointer(start: result, count: plan.grid.voxelCount))
  }
}
