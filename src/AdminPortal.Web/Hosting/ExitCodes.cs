namespace AdminPortal.Web.Hosting;

/// <summary>What a verb tells the pipeline that called it.</summary>
internal static class ExitCodes
{
    /// <summary>Done, or passed.</summary>
    public const int Done = 0;

    public const int Failed = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A gate, a check or a missing approval stands in the way. Nothing was changed.</summary>
    public const int Refused = 3;

    /// <summary>Ctrl-C or SIGTERM; an operation ended cleanly before its end.</summary>
    public const int Interrupted = 130;
}
