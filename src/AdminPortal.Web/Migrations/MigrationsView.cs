using AdminPortal.Core.Migrations;

namespace AdminPortal.Web.Migrations;

/// <summary>What the page of one target's migrations shows.</summary>
/// <param name="Preview">Null while the target cannot be asked: <paramref name="Status"/> says why.</param>
public sealed record MigrationsView(string Target, MigrationStatus Status, MigrationPreview? Preview);
