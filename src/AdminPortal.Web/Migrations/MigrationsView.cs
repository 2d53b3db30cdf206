using AdminPortal.Core.Migrations;

namespace AdminPortal.Web.Migrations;

/// <summary>What the page of one target's migrations shows.</summary>
/// <param name="Preview">Null while the target cannot be asked: <paramref name="Status"/> says why.</param>
/// <param name="IsProtected">True: the target's name is typed before anything is changed.</param>
public sealed record MigrationsView(string Target, bool IsProtected, MigrationStatus Status, MigrationPreview? Preview);
