using System.Globalization;
using System.Net;
using System.Text;
using MimeKit;
using MimeKit.Text;

namespace AdminPortal.Core.Mail;

/// <summary>A message to one person, before it has a form: rendered as plain text and as HTML with the same words.</summary>
/// <param name="To">An e-mail address.</param>
/// <param name="Subject">Without the portal's name, which is put before it.</param>
/// <param name="Footer">Why the person gets it, and how to get it no more.</param>
/// <param name="UnsubscribeUrl">Where it can be switched off; null: it cannot, because somebody asked for it.</param>
public sealed record Letter(string To, string Subject, IReadOnlyList<LetterPart> Parts, string Footer, string? UnsubscribeUrl = null)
{
    /// <summary>The message, with the headers that keep out-of-office replies away.</summary>
    /// <param name="portalName">As people know the portal.</param>
    public MimeMessage ToMessage(string portalName, string from, string messageId)
    {
        var message = new MimeMessage { Subject = $"{portalName}: {Subject}", MessageId = messageId, Body = new MultipartAlternative(Plain(), Html(portalName)) };
        message.From.Add(MailboxAddress.Parse(from));
        message.To.Add(MailboxAddress.Parse(To));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All");
        if (UnsubscribeUrl is { } url)
        {
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{url}>");
        }

        return message;
    }

    private TextPart Plain()
    {
        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            text.Append(part.Text).Append('\n');
            foreach (var (name, value) in part.Facts)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
            }

            foreach (var (label, url) in part.Links)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{label}: {url}\n");
            }

            text.Append('\n');
        }

        return new TextPart(TextFormat.Plain) { Text = text.Append(Footer).Append('\n').ToString() };
    }

    private TextPart Html(string portalName)
    {
        var html = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"><title>")
            .Append(Encode($"{portalName}: {Subject}")).Append("</title></head><body style=\"font-family:sans-serif;line-height:1.5;max-width:36em\">");
        foreach (var part in Parts)
        {
            html.Append("<p>").Append(Encode(part.Text)).Append("</p>");
            if (part.Facts.Count > 0)
            {
                html.Append("<p>").AppendJoin("<br>", part.Facts.Select(fact => $"{Encode(fact.Name)}: <b><bdi>{Encode(fact.Value)}</bdi></b>")).Append("</p>");
            }

            foreach (var (label, url) in part.Links)
            {
                html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Encode(url)}\">{Encode(label)}</a></p>");
            }
        }

        return new TextPart(TextFormat.Html) { Text = html.Append("<p style=\"color:gray;font-size:small\">").Append(Encode(Footer)).Append("</p></body></html>").ToString() };
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}

/// <summary>A paragraph of a letter, with what is known about it and where to go on.</summary>
public sealed record LetterPart(string Text, IReadOnlyList<(string Name, string Value)> Facts, IReadOnlyList<(string Label, string Url)> Links)
{
    public LetterPart(string text)
        : this(text, [], [])
    {
    }
}
