using System.Net;
using System.Net.Sockets;

namespace LlmTr.Xai.Wire;

/// <summary>Tells the public internet from the networks behind it: loopback, private, link-local, shared, documentation, multicast.</summary>
public static class PublicAddress
{
    /// <summary>True for an address that a host of the public internet can have.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // 2000::/3 is all that is in use for the public, and in it a few that lead back into IPv4 or nowhere.
            var v6 = address.GetAddressBytes();
            return (v6[0] & 0xe0) == 0x20
                && !(v6[0] == 0x20 && v6[1] == 0x02)
                && !(v6[0] == 0x20 && v6[1] == 0x01 && v6[2] <= 0x01)
                && !(v6[0] == 0x20 && v6[1] == 0x01 && v6[2] == 0x0d && v6[3] == 0xb8);
        }

        var b = address.GetAddressBytes();
        return b[0] is not (0 or 10 or 127) && b[0] < 224
            && !(b[0] == 100 && b[1] is >= 64 and <= 127)
            && !(b[0] == 169 && b[1] == 254)
            && !(b[0] == 172 && b[1] is >= 16 and <= 31)
            && !(b[0] == 192 && b[1] == 168)
            && !(b[0] == 192 && b[1] == 0 && b[2] is 0 or 2)
            && !(b[0] == 198 && b[1] is 18 or 19)
            && !(b[0] == 198 && b[1] == 51 && b[2] == 100)
            && !(b[0] == 203 && b[1] == 0 && b[2] == 113);
    }
}
