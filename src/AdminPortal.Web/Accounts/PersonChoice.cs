using AdminPortal.Core.Accounts;

namespace AdminPortal.Web.Accounts;

/// <summary>Whose devices an account pairs: the one person of its address; else whoever runs the command is asked.</summary>
internal static class PersonChoice
{
    /// <summary>The id of the person; null: nobody's.</summary>
    public static async Task<string?> MakeAsync(IReadOnlyList<PersonFound>? people, string email, TextReader answers, TextWriter questions, CancellationToken cancellationToken)
    {
        if (people is [var one])
        {
            await questions.WriteLineAsync($"The account pairs the devices of {Title(one)}, who has this address.");
            return one.Id;
        }

        await questions.WriteLineAsync(people switch
        {
            null => "The primary database cannot be asked now who has this address.",
            [] => $"No person of the primary database has the address {email}.",
            _ => $"Several people of the primary database have the address {email}:",
        });
        foreach (var person in people ?? [])
        {
            await questions.WriteLineAsync($"  {Title(person)}");
        }

        await questions.WriteAsync("Id of the person whose devices the account pairs (empty: nobody's): ");
        var answer = (await answers.ReadLineAsync(cancellationToken))?.Trim();
        await questions.WriteLineAsync(string.IsNullOrEmpty(answer)
            ? $"The account pairs nobody's devices yet. Later: portal accounts link --email {email} --user-id ID"
            : "");
        return string.IsNullOrEmpty(answer) ? null : answer;
    }

    private static string Title(PersonFound person) => person.Name is { Length: > 0 } name ? $"{person.Id} ({name})" : person.Id;
}
