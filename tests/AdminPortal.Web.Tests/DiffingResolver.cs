using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace AdminPortal.Web.Tests;

/// <summary>
/// bUnit asks for AngleSharp.Diffing 1.1.1, and the feed's only version is 0.17.0; see eng/bunit-diffing.targets.
/// Delete both when the feed holds 1.1.1.
/// </summary>
internal static class DiffingResolver
{
#pragma warning disable CA2255 // must run before the first bUnit type is loaded
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name == "AngleSharp.Diffing" ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll")) : null;
}
