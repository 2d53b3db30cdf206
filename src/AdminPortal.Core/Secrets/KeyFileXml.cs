using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace AdminPortal.Core.Secrets;

/// <summary>The key files by which keys of Data Protection are encrypted and read.</summary>
/// <param name="Current">Null: new keys are not encrypted with a file.</param>
internal sealed record KeyFiles(SecretKey? Current, IReadOnlyList<SecretKey> Known)
{
    public SecretKey? Find(string? id) => Known.FirstOrDefault(key => key.Id == id);
}

/// <summary>Encrypts keys of Data Protection with a key file, by AES-256-GCM.</summary>
internal sealed class KeyFileXmlEncryptor(SecretKey key) : IXmlEncryptor
{
    internal const int TagBytes = 16, NonceBytes = 12;
    internal const string Element = "aes256gcm", KeyId = "keyId";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = box.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Span, TagBytes);
        aes.Encrypt(nonce, plain, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), Encoding.ASCII.GetBytes(key.Id));
        CryptographicOperations.ZeroMemory(plain);
        return new EncryptedXmlInfo(new XElement(Element, new XAttribute(KeyId, key.Id), Convert.ToBase64String(box)), typeof(KeyFileXmlDecryptor));
    }
}

/// <summary>Reads what <see cref="KeyFileXmlEncryptor"/> wrote. Stored keys carry its full name, which must not change.</summary>
public sealed class KeyFileXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var id = (string?)encryptedElement.Attribute(KeyFileXmlEncryptor.KeyId);
        var key = services.GetRequiredService<KeyFiles>().Find(id) ?? throw new CryptographicException($"It is encrypted with the key file {id}, which is not given.");
        var box = Convert.FromBase64String(encryptedElement.Value);
        var plain = new byte[box.Length - KeyFileXmlEncryptor.NonceBytes - KeyFileXmlEncryptor.TagBytes];
        using var aes = new AesGcm(key.Span, KeyFileXmlEncryptor.TagBytes);
        aes.Decrypt(
            box.AsSpan(0, KeyFileXmlEncryptor.NonceBytes), box.AsSpan(KeyFileXmlEncryptor.NonceBytes + KeyFileXmlEncryptor.TagBytes),
            box.AsSpan(KeyFileXmlEncryptor.NonceBytes, KeyFileXmlEncryptor.TagBytes), plain, Encoding.ASCII.GetBytes(key.Id));
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}
