using AdminPortal.Core.SignInProviders;

namespace AdminPortal.Web.SignInProviders;

/// <summary>Why a sign-in at a provider came to nothing, for the person at the sign-in page.</summary>
internal static class ProviderWords
{
    /// <summary>As addresses and the record have it: <c>email-not-verified</c>.</summary>
    public static string NameOf(ProviderRefusal why) =>
        string.Concat(why.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    public static string PageOf(ProviderRefusal why, string provider, string returnUrl) =>
        $"/sign-in?refused={NameOf(why)}&with={Uri.EscapeDataString(provider)}{(returnUrl == "/" ? "" : $"&returnUrl={Uri.EscapeDataString(returnUrl)}")}";

    /// <summary>Null: no such reason.</summary>
    public static ProviderRefusal? Parse(string? name) =>
        Enum.GetValues<ProviderRefusal>().Where(why => NameOf(why) == name).Select(why => (ProviderRefusal?)why).FirstOrDefault();

    /// <param name="title">Of the provider.</param>
    public static string Of(ProviderRefusal why, string title) => why switch
    {
        ProviderRefusal.Away => $"{title} does not answer. Try again in a moment.",
        ProviderRefusal.Cancelled => $"You did not sign in at {title}.",
        ProviderRefusal.NotAsked => $"That answer of {title} was used before, is too old, or belongs to another browser. Try again.",
        ProviderRefusal.NotValid => $"{title} answered something that this portal cannot trust. Ask an admin to look at the portal's log.",
        ProviderRefusal.Clock => $"The clocks of {title} and of this portal differ too much. Ask an admin to set them.",
        ProviderRefusal.EmailNotVerified => $"{title} has not verified your e-mail address, so it cannot say which account is yours. Verify it there, or ask an admin to connect your account.",
        ProviderRefusal.NotConnected => $"No account of this portal is connected with you at {title}. Ask an admin: the try is in the record, with what they need.",
        ProviderRefusal.OtherPerson => $"The account with your e-mail address is connected with somebody else at {title}. Ask an admin to disconnect it.",
        ProviderRefusal.Disabled => "This account is disabled. Ask an admin.",
        _ => $"{title} gives you no role in this portal. Ask whoever looks after {title}.",
    };
}
