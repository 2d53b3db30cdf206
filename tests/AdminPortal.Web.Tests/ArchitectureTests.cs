using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Web.Activity;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Web.Tests;

/// <summary>
/// The dependency rule: Web → Core → Data ← Migrations, Web → Migrations for composition only, and from a page to the
/// database only through a service of Core.
/// </summary>
public sealed partial class ArchitectureTests
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [Theory]
    [InlineData("src/AdminPortal.Data")]
    [InlineData("src/AdminPortal.Core", "AdminPortal.Data")]
    [InlineData("src/AdminPortal.Web", "AdminPortal.Core", "AdminPortal.Migrations")]
    [InlineData("migrations/AdminPortal.Migrations", "AdminPortal.Data")]
    public void Project_References_OnlyWhatTheRuleAllows(string project, params string[] allowed)
    {
        var file = Path.Combine(Root(), project, Path.GetFileName(project) + ".csproj");
        var references = XDocument.Load(file).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));

        Assert.Equal(allowed, references.Order());
    }

    [Fact]
    public void ProgramFolders_HoldNoProjectThatTheRuleDoesNotName()
    {
        var projects = new[] { "src", "migrations" }.SelectMany(folder =>
            Directory.GetFiles(Path.Combine(Root(), folder), "*.csproj", SearchOption.AllDirectories)).Select(Path.GetFileNameWithoutExtension);

        Assert.Equal(["AdminPortal.Core", "AdminPortal.Data", "AdminPortal.Migrations", "AdminPortal.Web"], projects.Order());
    }

    [Theory]
    [InlineData(typeof(DeviceDbContext))]
    [InlineData(typeof(PortalOptions))]
    public void AssemblyBelowWeb_KnowsNeitherWebNorComponents(Type inAssembly)
    {
        var references = inAssembly.Assembly.GetReferencedAssemblies().Select(a => a.Name!);

        Assert.DoesNotContain(references, name => name == "AdminPortal.Web" || name.StartsWith("Microsoft.AspNetCore.Components", StringComparison.Ordinal));
    }

    [Fact]
    public void Components_OfWeb_TakeNoDbContext()
    {
        var components = typeof(PortalApp).Assembly.GetTypes().Where(type => typeof(IComponent).IsAssignableFrom(type)).ToList();

        Assert.NotEmpty(components);
        Assert.Empty(components.SelectMany(ContextsTakenBy));
    }

    /// <summary>What is written to the record and has no word is shown in the program's own, and cannot be filtered by.</summary>
    [Fact]
    public void Actions_ThatAreRecorded_HaveAWord()
    {
        var written = from folder in new[] { "src/AdminPortal.Core", "src/AdminPortal.Web" }
                      from file in Directory.GetFiles(Path.Combine(Root(), folder), "*.cs", SearchOption.AllDirectories)
                      where !file.Contains("/obj/", StringComparison.Ordinal)
                      from Match call in RecordedAction().Matches(File.ReadAllText(file))
                      select call.Groups["action"].Value;

        Assert.Equal([], written.Distinct().Except(ActivityWords.Kinds));
    }

    /// <summary>Razor takes <c>Text="query.Search"</c> for these very letters where the parameter is a string; what is meant is <c>Text="@query.Search"</c>.</summary>
    [Fact]
    public void TextParameters_OfComponents_AreNotTheNameOfAValue()
    {
        var texts = typeof(PortalApp).Assembly.GetTypes().Where(type => typeof(IComponent).IsAssignableFrom(type))
            .SelectMany(type => type.GetProperties().Where(p => p.PropertyType == typeof(string)).Select(p => (Component: type.Name.Split('`')[0], p.Name))).ToHashSet();

        Assert.Empty(
            from file in Directory.GetFiles(Path.Combine(Root(), "src/AdminPortal.Web"), "*.razor", SearchOption.AllDirectories)
            from Match tag in Tag().Matches(File.ReadAllText(file))
            from Match value in NameOfAValue().Matches(tag.Groups["attributes"].Value)
            where texts.Contains((tag.Groups["name"].Value, value.Groups["name"].Value))
            select $"{Path.GetFileName(file)}: {value.Value}");
    }

    /// <summary>An actor made by hand, or of a principal alone, has no standing that writes could ask for.</summary>
    [Theory]
    [InlineData("new Actor(", "PrincipalActor.cs")]
    [InlineData(".User.ToActor(", "AccountRevalidation.cs", "CurrentActor.cs", "PrincipalActor.cs")]
    [InlineData("rincipal!.ToActor(", "SessionCookie.cs")]
    [InlineData("principal.ToActor(", "PersonBearerHandler.cs")]
    public void Actor_OfWeb_IsMadeInOnePlace(string words, params string[] files) => Assert.Equal(
        files,
        Directory.GetFiles(Path.Combine(Root(), "src/AdminPortal.Web"), "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && File.ReadAllText(file).Contains(words, StringComparison.Ordinal))
            .Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(typeof(TakesInAProperty))]
    [InlineData(typeof(TakesInAConstructor))]
    [InlineData(typeof(TakesInAField))]
    [InlineData(typeof(TakesInABaseClass))]
    [InlineData(typeof(TakesAsItsOwner))]
    public void ContextsTakenBy_ComponentThatTakesOne_FindsIt(Type component) => Assert.NotEmpty(ContextsTakenBy(component));

    /// <summary>Every member of a component and its base classes through which a context or a factory of one comes in.</summary>
    private static IEnumerable<string> ContextsTakenBy(Type component)
    {
        for (var type = component; type is not null && type != typeof(object); type = type.BaseType)
        {
            var taken = type.GetProperties(Declared).Select(p => (p.Name, Type: p.PropertyType))
                .Concat(type.GetFields(Declared).Select(f => (f.Name, Type: f.FieldType)))
                .Concat(type.GetConstructors(Declared).SelectMany(c => c.GetParameters()).Select(p => (Name: p.Name ?? "", Type: p.ParameterType)))
                .Append((Name: "base class", Type: type));
            foreach (var (name, _) in taken.Where(member => IsContext(member.Type)))
                yield return $"{component.FullName} takes a context: {name}";
        }
    }

    private static bool IsContext(Type type) =>
        typeof(DbContext).IsAssignableFrom(type)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IDbContextFactory<>) || type.GetGenericArguments().Any(IsContext)))
        || (type.HasElementType && IsContext(type.GetElementType()!));

    [GeneratedRegex(@"<(?<name>[A-Z]\w+)\s(?<attributes>[^<>]*)>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Tag();

    [GeneratedRegex("""(?<name>\w+)="[A-Za-z_]\w*(\.[A-Z]\w*)+["]""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex NameOfAValue();

    [GeneratedRegex("""(udit\.WriteAsync|AuditLog\.Add|\bRecord|WithCodeAsync)\([^"();]*"(?<action>[a-z-]+\.[a-z-]+)["]""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex RecordedAction();

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AdminPortal.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        return folder;
    }

    private sealed class TakesInAProperty : ComponentBase
    {
        [Inject] public required DeviceDbContext Database { get; init; }
    }

    private sealed class TakesInAConstructor(IDbContextFactory<PortalDbContext> factory) : ComponentBase
    {
        protected override Task OnInitializedAsync() => factory.CreateDbContextAsync();
    }

    private sealed class TakesInAField : ComponentBase
    {
        private Func<DeviceDbContext>? _open;

        protected override void OnInitialized() => _open ??= () => throw new InvalidOperationException();
    }

    private class TakesPrivately : ComponentBase
    {
        [Inject] private IDbContextFactory<DeviceDbContext> Factory { get; set; } = null!;

        protected override Task OnInitializedAsync() => Factory.CreateDbContextAsync();
    }

    private sealed class TakesInABaseClass : TakesPrivately;

    private sealed class TakesAsItsOwner : OwningComponentBase<DeviceDbContext>;
}
