#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the learning rate rises at the beginning of a run and falls towards its end.
public struct LearningRateSchedule: Sendable, Hashable {
  /// The way down from the highest rate.
  public enum Shape: String, Sendable, Hashable, CaseIterable {
    /// No way down.
    case constant
    /// A straight line from the end of the rise to the last step.
    case linear
    /// Half a cosine from the end of the rise to the last step.
    case cosine
    /// The highest rate for most of the run, then a straight line (warm-up, stable, decay: Hu et al., 2024).
    case stable = "wsd"
  }

  /// The way down.
  public var shape: Shape
  /// The highest rate.
  public var peak: Double
  /// The last rate, as a share of the highest.
  public var finalShare: Double
  /// How many steps the rate rises in equal parts; the first step has one part of them.
  public var warmupSteps: Int
  /// How many steps the run has.
  public var stepCount: Int
  /// The share of all steps in which a `stable` schedule falls.
  public var decayShare: Double

  /// A schedule for a run of `stepCount` steps.
  public init(
    shape: Shape, peak: Double, finalShare: Double, warmupSteps: Int, stepCount: Int, decayShare: Double = 0.2
  ) {
    self.shape = shape
    self.peak = peak
    self.finalShare = finalShare
    self.warmupSteps = warmupSteps
    self.stepCount = stepCount
    self.decayShare = decayShare
  }

  /// The rate of a step, counted from 0.
  public func rate(at step: Int) -> Double {
    if step < warmupSteps { return peak * Double(step + 1) / Double(warmupSteps) }
    return peak * (finalShare + (1 - finalShare) * height(at: step))
  }

  /// How far the rate is above the last one: 1 at the top, 0 after the last step.
  private func height(at step: Int) -> Double {
    let start = shape == .stable ? max(warmupSteps, stepCount - decaySteps) : warmupSteps
    let length = stepCount - start
    guard step > start, length > 0 else { return 1 }
    let progress = min(1, Double(step - start) / Double(length))
    switch shape {
    case .constant: return 1
    case .linear, .stable: return 1 - progress
    case .cosine: return 0.5 * (1 + cos(.pi * progress))
    }
  }

  private var decaySteps: Int { Int((decayShare * Double(stepCount)).rounded()) }
}
