using AdminPortal.Core.Targets;

namespace AdminPortal.Web.Layout;

/// <summary>What a page has to show: nothing yet, a value, or why there is none.</summary>
/// <param name="Value">Stays while it is read again, so that a page does not flicker.</param>
/// <param name="IsMissing">Read, and there is no such thing.</param>
public sealed record ViewState<T>(T? Value = null, bool IsMissing = false, ViewProblem? Problem = null)
    where T : class;

/// <summary>Why a page cannot show its data.</summary>
/// <param name="Target">The managed database's state; null: something else went wrong, and the log has it.</param>
public sealed record ViewProblem(TargetAvailability? Target);
