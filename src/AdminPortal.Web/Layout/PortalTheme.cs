using MudBlazor;

namespace AdminPortal.Web.Layout;

/// <summary>The portal's colours and measures in one place: MudBlazor's theme and the variables of site.css are made of them (<see cref="ThemeSheet"/>).</summary>
internal static class PortalTheme
{
    private static readonly Dictionary<string, (string Light, string Dark)> Colours = new()
    {
        ["ground"] = ("#f3f6f7", "#10171b"),
        ["surface"] = ("#ffffff", "#182126"),
        ["surface-2"] = ("#eaeff1", "#222d33"),
        ["line"] = ("#d3dbdf", "#34424a"),
        ["line-strong"] = ("#7c8a92", "#7d8d95"),
        ["ink"] = ("#17232a", "#e7eef1"),
        ["ink-2"] = ("#4c5b64", "#a9b8bf"),
        ["accent"] = ("#0b6566", "#63cdc6"),
        ["accent-strong"] = ("#084e50", "#8be0d9"),
        ["accent-soft"] = ("#dcefed", "#163b3c"),
        ["on-accent"] = ("#ffffff", "#06292a"),
        ["good"] = ("#1b6437", "#84d8a2"),
        ["good-soft"] = ("#dff1e5", "#163825"),
        ["on-good"] = ("#ffffff", "#062914"),
        ["notice"] = ("#7a4b00", "#f1c26b"),
        ["notice-soft"] = ("#fcefd4", "#3d2f10"),
        ["on-notice"] = ("#ffffff", "#2b1f04"),
        ["bad"] = ("#a3231f", "#ff9d94"),
        ["bad-soft"] = ("#fbe4e1", "#471f1d"),
        ["bad-fill"] = ("#a3231f", "#d9534a"),
        ["bad-strong"] = ("#85180f", "#ffb9b2"),
        ["on-bad-fill"] = ("#ffffff", "#1d0504"),
        ["info"] = ("#0b4d66", "#9fd8ef"),
        ["on-info"] = ("#ffffff", "#06202b"),
    };

    public static MudTheme Mud { get; } = new()
    {
        PaletteLight = Fill(new PaletteLight(), colour => colour.Light),
        PaletteDark = Fill(new PaletteDark(), colour => colour.Dark),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px", AppbarHeight = "3.25rem", DrawerWidthLeft = "13.5rem" },
        Typography = Fonts(),
    };

    /// <summary>The variables of site.css. <c>light-dark()</c> follows color-scheme, which follows the theme chosen or the device.</summary>
    public static IEnumerable<string> Variables => Colours.Select(colour => $"--{colour.Key}: light-dark({colour.Value.Light}, {colour.Value.Dark});");

    private static TPalette Fill<TPalette>(TPalette palette, Func<(string Light, string Dark), string> side)
        where TPalette : Palette
    {
        string Of(string name) => side(Colours[name]);
        palette.Background = Of("ground");
        palette.BackgroundGray = palette.TableHover = palette.TableStriped = palette.Skeleton = palette.ActionDisabledBackground = Of("surface-2");
        palette.Surface = palette.AppbarBackground = palette.DrawerBackground = Of("surface");
        palette.LinesDefault = palette.TableLines = palette.Divider = palette.DividerLight = Of("line");
        palette.LinesInputs = palette.ActionDisabled = palette.TextDisabled = Of("line-strong");
        palette.TextPrimary = palette.AppbarText = palette.DrawerText = palette.Dark = Of("ink");
        palette.DarkContrastText = Of("surface");
        palette.TextSecondary = palette.ActionDefault = palette.DrawerIcon = Of("ink-2");
        palette.Primary = palette.Secondary = palette.Tertiary = Of("accent");
        palette.PrimaryDarken = palette.SecondaryDarken = palette.TertiaryDarken = Of("accent-strong");
        palette.PrimaryLighten = palette.SecondaryLighten = palette.TertiaryLighten = Of("accent-soft");
        palette.PrimaryContrastText = palette.SecondaryContrastText = palette.TertiaryContrastText = Of("on-accent");
        (palette.Info, palette.InfoDarken, palette.InfoContrastText) = (Of("info"), Of("info"), Of("on-info"));
        (palette.Success, palette.SuccessDarken, palette.SuccessLighten, palette.SuccessContrastText) = (Of("good"), Of("good"), Of("good-soft"), Of("on-good"));
        (palette.Warning, palette.WarningDarken, palette.WarningLighten, palette.WarningContrastText) = (Of("notice"), Of("notice"), Of("notice-soft"), Of("on-notice"));
        (palette.Error, palette.ErrorDarken, palette.ErrorLighten, palette.ErrorContrastText) = (Of("bad"), Of("bad-strong"), Of("bad-soft"), Of("on-bad-fill"));
        (palette.Black, palette.White, palette.OverlayDark) = ("#10171b", "#ffffff", "rgba(10,18,22,0.6)");
        return palette;
    }

    private static Typography Fonts()
    {
        string[] family = ["system-ui", "-apple-system", "Segoe UI", "Noto Sans", "Cantarell", "Helvetica Neue", "Arial", "sans-serif"];
        var fonts = new Typography();
        BaseTypography[] all =
        [
            fonts.Default, fonts.H1, fonts.H2, fonts.H3, fonts.H4, fonts.H5, fonts.H6, fonts.Subtitle1, fonts.Subtitle2, fonts.Body1, fonts.Body2, fonts.Button, fonts.Caption, fonts.Overline,
        ];
        foreach (var font in all)
        {
            (font.FontFamily, font.LetterSpacing, font.TextTransform) = (family, "normal", "none");
        }

        (fonts.Default.FontSize, fonts.Default.LineHeight) = (".9375rem", "1.5");
        (fonts.Body1.FontSize, fonts.Body1.LineHeight) = (".9375rem", "1.5");
        (fonts.Body2.FontSize, fonts.Body2.LineHeight) = (".875rem", "1.5");
        (fonts.Subtitle1.FontSize, fonts.Subtitle1.LineHeight) = (".9375rem", "1.5"); // what is typed into a field
        (fonts.Subtitle2.FontSize, fonts.Subtitle2.FontWeight, fonts.Subtitle2.LineHeight) = (".875rem", "600", "1.5");
        (fonts.Button.FontSize, fonts.Button.FontWeight, fonts.Button.LineHeight) = (".9375rem", "550", "1.5");
        (fonts.H6.FontSize, fonts.H6.FontWeight, fonts.H6.LineHeight) = ("1.125rem", "650", "1.35");
        fonts.Caption.FontSize = ".8125rem";
        return fonts;
    }
}
