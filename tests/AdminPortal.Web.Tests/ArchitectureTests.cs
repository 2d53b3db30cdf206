using System.Reflection;
using System.Xml.Linq;
using AdminPortal.Core.Targets;
using AdminPortal.Data;
using AdminPortal.Web.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace AdminPortal.Web.Tests;

/// <summary>
/// The dependency rule: Web → Core → Data ← Migrations, Web → Migrations for composition only, and from a page to the
/// database only through a service of Core.
/// </summary>
public sealed class ArchitectureTests
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
