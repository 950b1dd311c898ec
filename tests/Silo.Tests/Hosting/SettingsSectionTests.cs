using LlmTr.Silo.Hosting;
using LlmTr.Silo.Media;
using Microsoft.Extensions.Configuration;

namespace LlmTr.Silo.Tests.Hosting;

/// <summary>How settings are written.</summary>
public sealed class SettingsSectionTests
{
    [Theory]
    [InlineData("00:00:01", 1_000)]
    [InlineData("0:00:01", 1_000)]
    [InlineData("00:00:00.100", 100)]
    [InlineData("00:00:00.0500000", 50)]
    [InlineData("23:59:59", 86_399_000)]
    [InlineData("1.00:00:00", 86_400_000)]
    [InlineData("30.12:00:00.5", 2_635_200_500)]
    [InlineData("", 5_000)]
    [InlineData(null, 5_000)]
    public void Time_AsItIsWritten_IsRead(string? text, long milliseconds) => Read("Time", text).Time.Should().Be(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("30")]
    [InlineData("24:00:00")]
    [InlineData("1.24:00:00")]
    [InlineData("10:30")]
    [InlineData("00:60:00")]
    [InlineData("00:00:60")]
    [InlineData("-00:00:01")]
    [InlineData("7d")]
    [InlineData(" 00:00:01")]
    [InlineData("99999999.00:00:00")]
    public void Time_ThatCouldBeReadOtherwise_IsRefusedByName(string text)
    {
        var read = () => Read("Time", text);

        read.Should().ThrowExactly<StartupException>().WithMessage($"Some:Section:Time is '{text}', but must be a time such as 00:01:30, with hours up to 23; a day is written 1.00:00:00.");
    }

    [Theory]
    [InlineData("Whole", "0x10", "a whole number up to 2147483647")]
    [InlineData("Whole", "3000000000", "a whole number up to 2147483647")]
    [InlineData("Long", "1e3", "a whole number up to 9223372036854775807")]
    [InlineData("Flag", "yes", "true or false")]
    public void Value_OfAnotherForm_IsRefusedByName(string name, string text, string what)
    {
        var read = () => Read(name, text);

        read.Should().ThrowExactly<StartupException>().WithMessage($"Some:Section:{name} is '{text}', but must be {what}.");
    }

    [Fact]
    public void Values_OfEveryKind_AreRead()
    {
        var settings = new Settings();
        SettingsSection.Read(Configuration(("Some:Section:WHOLE", "-7"), ("Some:Section:Long", "3000000000"), ("Some:Section:Flag", "True"), ("Some:Section:Text", "t")), "Some:Section", settings);

        (settings.Whole, settings.Long, settings.Flag, settings.Text).Should().Be((-7, 3_000_000_000, true, "t"));
    }

    [Fact]
    public void Set_IsAddedToWithoutEmptyOnes()
    {
        var media = new MediaOptions();

        SettingsSection.Read(Configuration(("Media:Hosts:0", "a.example"), ("Media:Hosts:1", "")), "Media", media);

        media.Hosts.Should().BeEquivalentTo("vidgen.x.ai", "a.example");
    }

    private static Settings Read(string name, string? text)
    {
        var settings = new Settings();
        SettingsSection.Read(Configuration(($"Some:Section:{name}", text)), "Some:Section", settings);
        return settings;
    }

    private static IConfiguration Configuration(params (string Name, string? Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(static one => KeyValuePair.Create(one.Name, one.Value))).Build();

    private sealed class Settings
    {
        public TimeSpan Time { get; set; } = TimeSpan.FromSeconds(5);

        public int Whole { get; set; }

        public long Long { get; set; }

        public bool Flag { get; set; }

        public string? Text { get; set; }

        public bool IsValid => Text is not null;
    }
}
