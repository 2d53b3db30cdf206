using AdminPortal.Core.Monitoring;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Tests.Monitoring;

/// <summary>Errors are kept for the page without what is secret or tells of a person, and not without end.</summary>
public sealed class ErrorTextTests
{
    [Theory]
    [InlineData("Failed: Host=db;Username=p;Password=hunter2;Database=x", "hunter2")]
    [InlineData("Authorization: Bearer abc.def", "abc.def")]
    [InlineData("token=short1", "short1")]
    [InlineData("{\"sessionToken\":\"x\",\"token\": \"s3cr3t\"}", "s3cr3t")]
    [InlineData("hash sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "9f86d081884c7d65")]
    [InlineData("GET /reset-password?mail=a&x=abc failed", "abc")]
    [InlineData("Key (email)=(ada@clinic.example) exists", "ada@clinic.example")]
    public void Redact_ASecretOrAPerson_IsTakenOut(string text, string hidden)
    {
        var redacted = ErrorText.Redact(text);

        Assert.DoesNotContain(hidden, redacted, StringComparison.Ordinal);
        Assert.Contains("…", redacted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relation \"public.device_pairings\" does not exist", "relation \"public.device_pairings\" does not exist")]
    [InlineData("line one\r\nline two", "line one line two")]
    [InlineData("Microsoft.EntityFrameworkCore.DbUpdateException", "Microsoft.EntityFrameworkCore.DbUpdateException")]
    public void Redact_WhatIsHarmless_StaysReadable(string text, string expected) => Assert.Equal(expected, ErrorText.Redact(text));

    [Fact]
    public void Log_ManyErrors_AllAreCountedAndTheLastAreKept()
    {
        using var meter = new PortalMeter();
        var errors = new ErrorLog(meter, TimeProvider.System);
        using var provider = new ErrorLogProvider(errors);
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(provider));
        var logger = logs.CreateLogger("Test");

        for (var i = 0; i < ErrorLog.Kept + 10; i++)
            logger.LogError(new InvalidOperationException("password=oops"), "Number {Number} failed.", i);
        logger.LogWarning("Not an error.");

        Assert.Equal((ErrorLog.Kept + 10, ErrorLog.Kept), (errors.Count, errors.Last().Count));
        Assert.Equal("Number 59 failed. InvalidOperationException: password=…", errors.Last()[0].Text);
    }
}
