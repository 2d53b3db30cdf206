using System.CommandLine;
using System.CommandLine.Parsing;

namespace AdminPortal.Web.Hosting;

/// <summary>What options of the command line may be.</summary>
internal static class OptionRules
{
    /// <param name="fault">The sentence that says what is wrong with a value, or null. Not asked about a text that is no such value: the parser says that.</param>
    public static void Check<T>(this Option<T> option, Func<T?, string?> fault) => option.Validators.Add(result =>
    {
        if (IsUnderstood<T>(result, out var value) && fault(value) is { } problem)
        {
            result.AddError(problem);
        }
    });

    private static bool IsUnderstood<T>(OptionResult result, out T? value)
    {
        try
        {
            value = result.GetValueOrDefault<T>();
            return true;
        }
        catch (InvalidOperationException)
        {
            value = default;
            return false;
        }
    }
}
