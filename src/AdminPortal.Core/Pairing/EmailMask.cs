namespace AdminPortal.Core.Pairing;

/// <summary>Shows whose account it is to the person who knows the address, and to nobody else: <c>a•••@e•••.org</c>.</summary>
internal static class EmailMask
{
    public static string Mask(string email)
    {
        var at = email.LastIndexOf('@');
        if (at < 1 || at == email.Length - 1)
        {
            return "•••";
        }

        var dot = email.LastIndexOf('.');
        var ending = dot > at ? email[dot..] : "";
        return $"{email[0]}•••@{email[at + 1]}•••{ending}";
    }
}
