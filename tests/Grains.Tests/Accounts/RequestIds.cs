using System.Buffers.Binary;
using LlmTr.Grains.Abstractions;

namespace LlmTr.Grains.Tests.Accounts;

/// <summary>Request ids that are the same in every run: version 7, with a chosen time of making and a number in place of chance.</summary>
internal static class RequestIds
{
    public static RequestId Make(DateTimeOffset madeAt, int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, madeAt.ToUnixTimeMilliseconds() << 16);
        bytes[6] = 0x70;
        bytes[8] = 0x80;
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], number);
        return new RequestId(new Guid(bytes, bigEndian: true));
    }
}
