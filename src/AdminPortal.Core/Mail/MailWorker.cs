using AdminPortal.Core.Targets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminPortal.Core.Mail;

/// <summary>Sends what is due. While the mail server is away it tries one message at a time, with pauses.</summary>
internal sealed class MailWorker(MailSender sender, SmtpMail smtp, MailQueue queue, TimeProvider time, ILogger<MailWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!smtp.Configured)
        {
            return;
        }

        using var wake = new WakeUp(time);
        using var subscription = queue.Subscribe(wake.Now);
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await SendAllAsync(stoppingToken))
            {
                await wake.WaitAsync(Pause, stoppingToken);
            }
            else
            {
                await Task.Delay(PauseAfterFailure, time, stoppingToken);
            }
        }
    }

    private async Task<bool> SendAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            MailRound round;
            do
            {
                round = await sender.SendNextAsync(cancellationToken);
            }
            while (round is MailRound.Sent or MailRound.GivenUp);

            return round is MailRound.NothingDue;
        }
        catch (Exception exception) when (TargetAvailability.CannotServe(exception))
        {
            logger.LogWarning("Mail waits: the portal's own database is away ({Error}).", exception.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError(exception, "Mail could not be sent; the next try is in {Pause}.", PauseAfterFailure);
        }

        return false;
    }
}
