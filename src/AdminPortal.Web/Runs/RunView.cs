using AdminPortal.Core.Runs;

namespace AdminPortal.Web.Runs;

/// <summary>What the page of one run shows.</summary>
public sealed record RunView(RunRow Run, RunJournalRows Journal);
