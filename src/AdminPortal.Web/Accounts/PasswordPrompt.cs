using System.Text;
using AdminPortal.Web.Hosting;

namespace AdminPortal.Web.Accounts;

/// <summary>Asks for a password at the terminal without showing it. The questions go to standard error.</summary>
internal static class PasswordPrompt
{
    public static async Task<string> AskTwiceAsync(CancellationToken cancellationToken)
    {
        var first = await AskAsync("Password: ", cancellationToken);
        var second = await AskAsync("Again:    ", cancellationToken);
        return first == second ? first : throw new CommandFailedException("The two passwords differ. Nothing was created.");
    }

    private static async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync(question);
        var typed = new StringBuilder();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                await Console.Error.WriteLineAsync();
                return typed.ToString();
            }

            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }
    }
}
