using CsCheck;
using LlmTr.Grains.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmTr.Grains.Tests.Accounts;

public sealed class WireValueTests
{
    [Fact]
    public void RequestId_New_CarriesTheClocksTimeToTheMillisecondAndIsNeverTheSame()
    {
        var clock = new FakeTimeProvider(AccountScene.Start.AddTicks(12_345));

        var ids = Enumerable.Range(0, 1000).Select(_ => RequestId.New(clock)).ToArray();

        ids.Should().OnlyHaveUniqueItems().And.OnlyContain(static id => id.MadeAt == AccountScene.Start.AddMilliseconds(1));
    }

    [Fact]
    public void RequestId_Text_ReadsBackToTheSameId() => Gen.Guid.Sample(static value =>
    {
        var id = new RequestId(value);

        id.ToString().Should().MatchRegex("^req_[0-9a-f]{32}$");
        RequestId.TryParse(id.ToString(), out var read).Should().BeTrue();
        read.Should().Be(id);
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("req_")]
    [InlineData("REQ_01b8e094988f70008000000000000001")]
    [InlineData("01b8e094988f70008000000000000001")]
    [InlineData("req_01b8e094988f7000800000000000000")]
    [InlineData("req_01b8e094988f700080000000000000011")]
    [InlineData("req_01b8e094-988f-7000-8000-000000000001")]
    [InlineData("req_01b8e094988f7000800000000000000g")]
    [InlineData(" req_01b8e094988f70008000000000000001")]
    [InlineData("req_01b8e094988f70008000000000000001 ")]
    public void RequestId_OfAnotherText_IsNone(string? text)
    {
        RequestId.TryParse(text, out var id).Should().BeFalse();
        id.Should().Be(default(RequestId));
    }

    [Fact]
    public void SecretHash_Hex_ReadsBackToAHashThatMatches() => Gen.Byte.Array[0, 80].Sample(static secret =>
    {
        var hash = SecretHash.Of(secret);

        hash.ToHex().Should().Be(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(secret)));
        SecretHash.FromHex(hash.ToHex()).Matches(hash).Should().BeTrue();
    });

    [Fact]
    public void SecretHash_WithAnyBitChanged_DoesNotMatch()
    {
        var hash = SecretHash.Of("secret"u8);
        var bytes = Convert.FromHexString(hash.ToHex());
        for (var bit = 0; bit < 256; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            SecretHash.FromHex(Convert.ToHexString(bytes)).Matches(hash).Should().BeFalse($"bit {bit} differs");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000000")]
    public void SecretHash_OfAnotherText_IsRefused(string hex)
    {
        var read = () => SecretHash.FromHex(hex);

        read.Should().Throw<FormatException>();
    }
}
